import Pipeline
import TestSupport
import Testing

@Suite struct ErrorPatternTests {
  @Test(arguments: [
    ("expected 12.5 s of sound, came 0.30 s", "expected # s of sound, came # s"),
    ("the file `talk one.mp4` ends early", "the file <text> ends early"),
    (#"cannot read "a/b": it isn't there"#, "cannot read <text>: it isn't there"),
    ("expected 'x', came ‘y’ and “z”", "expected <text>, came <text> and <text>"),
    ("/var/lib/blobs/ab/cd: no such file", "<path>: no such file"),
    ("GET https://host:8080/v1?q=1 answered 502", "GET <path> answered #"),
    ("in=/tmp/x.wav (./y)", "in=<path> (<path>)"),
    (
      "there is no asset 018f3a2b-4c5d-7e6f-8a9b-0c1d2e3f4a5b; was it removed?",
      "there is no asset <id>; was it removed?"
    ),
    ("digest 9f86d081884c7d659a2feaa0c55ad015 differs at 0x7ffe12", "digest <id> differs at <id>"),
    ("token sk_live_51H8xYzKq2LmNoPqRs refused", "token <id> refused"),
    ("a video/mp4 and/or h264 with rc=-2, 1,024 bytes", "a video/mp# and/or h# with rc=-#, # bytes"),
    ("2026-03-01 12:30:05 too\n\n  late ", "# # too late"),
    ("an unclosed `quote stays 5", "an unclosed `quote stays #"), ("", ""),
  ])
  func `what differs from case to case is left out`(message: String, pattern: String) {
    #expect(ErrorPattern(of: message).description == pattern)
  }

  @Test func `a long message is looked at in part`() {
    let long = String(repeating: "word ", count: 100_000)
    #expect(ErrorPattern(of: long).description.count <= 300)
    #expect(ErrorPattern(of: long) == ErrorPattern(of: long + "and its end"))
  }

  @Test func `a pattern is its own pattern, whatever the message`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "`", "\"", "'", "“", "”", " ", " ", "\n", "/", "://", "a", "ü", "file", "7", "0x1f", "3.5", "-", "=", ":", "(",
      ")",
      "deadbeef01", "\0", "<", "#", ".", "018f3a2b-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "😀",
    ]
    for _ in 0..<2000 {
      let message = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      let pattern = ErrorPattern(of: message)
      #expect(ErrorPattern(of: pattern.description) == pattern, "seed \(seed): \(message.debugDescription)")
    }
  }

  @Test func `a group is a stage, a code and a pattern`() {
    let group = DeadLetterGroup(source: "read", code: "media.truncated", message: "ends after 3 s")
    #expect(group == DeadLetterGroup(source: "read", code: "media.truncated", message: "ends after 14 s"))
    #expect(group.name.hasPrefix("read/media.truncated/") && group.name.count == "read/media.truncated/".count + 8)
    #expect(group != DeadLetterGroup(source: "tell", code: "media.truncated", message: "ends after 3 s"))
    #expect(group != DeadLetterGroup(source: "read", code: "media.long", message: "ends after 3 s"))
    #expect(group != DeadLetterGroup(source: "read", code: "media.truncated", message: "ends before 3 s"))
  }
}

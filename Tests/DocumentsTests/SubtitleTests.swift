import Documents
import Testing

@Suite struct SubtitleTests {
  private func fixture(_ bytes: [UInt8]) throws -> SubtitleTrack {
    try SubtitleTrack(parsing: DecodedText(bytes).text)
  }

  private func cue(_ start: Int, _ end: Int, _ text: String, speaker: String? = nil) throws -> Cue {
    Cue(span: try #require(TimeSpan(start: start, end: end)), speaker: speaker, text: text)
  }

  @Test func `an untidy SRT file gives its good cues, and says what is wrong with the others`() throws {
    let track = try fixture(PackageResources.film_srt)
    #expect(
      track.cues == [
        try cue(1000, 3500, "Where are you going?"),
        try cue(4000, 5500, "- To the river.\n- Why?"),
        try cue(69_250, 71_250, "Fish & chips, 3 < 4"),
        try cue(72_000, 75_000, "Café"),
      ])
    #expect(track.issues.map(\.kind) == [.endsBeforeStart, .unreadableTimes, .noDuration])
    #expect(track.issues.map(\.line) == [9, 13, 17])
  }

  @Test func `automatic captions that roll up are folded into what is said`() throws {
    let track = try fixture(PackageResources.automatic_vtt)
    #expect(
      track.cues == [
        try cue(160, 2399, "welcome back to the workshop"),
        try cue(2399, 4640, "today we sharpen chisels"),
        try cue(4640, 6950, "and clean the bench"),
      ])
    #expect(track.issues.isEmpty)
  }

  @Test func `voices of WebVTT become speakers`() throws {
    let track = try fixture(PackageResources.talk_vtt)
    #expect(
      track.cues == [
        try cue(1000, 3000, "Shall we begin?", speaker: "Ada Lovelace"),
        try cue(1000, 3000, "Please do — <at once>.", speaker: "Charles Babbage"),
        try cue(3000, 5000, "Very well.", speaker: "Ada Lovelace"),
      ])
    #expect(track.issues.isEmpty)
  }

  @Test func `a line that grows word by word is one cue`() throws {
    let text = """
      00:01.000 --> 00:02.000
      so this is

      00:02.000 --> 00:03.000
      so this is how

      00:03.000 --> 00:04.000
      so this is how it works
      """
    #expect(try SubtitleTrack(parsing: text).cues == [try cue(1000, 4000, "so this is how it works")])
  }

  @Test func `cues out of order are sorted and reported`() throws {
    let track = try SubtitleTrack(parsing: "00:05.0 --> 00:06.0\nb\n\n00:01.0 --> 00:02.0\na\n")
    #expect(track.cues.map(\.text) == ["a", "b"])
    #expect(track.issues.map(\.kind) == [.outOfOrder])
  }

  @Test func `text outside cues is left out and reported`() throws {
    let track = try SubtitleTrack(parsing: "hello\n\n1\n00:01.0 --> 00:02.0\na\n\nlost\n")
    #expect(track.cues.map(\.text) == ["a"])
    #expect(track.issues.map(\.line) == [1, 7])
  }

  @Test(arguments: [
    "00:61:00,000 --> 00:62:00,000", "00:00:00,000 -> 00:00:01,000", "1 --> 2", "00:00:aa,000 --> 00:00:01,000",
    "99999:00:00,000 --> 99999:00:01,000", "00:00:01,0000x --> 00:00:02,000", " --> ",
  ])
  func `a file without one usable cue is an error`(_ timing: String) {
    #expect { try SubtitleTrack(parsing: "1\n\(timing)\ntext\n") } throws: { error in
      if case DocumentError.noCues = error { true } else { false }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `what is written is read again`(_ seed: UInt64) throws {
    var random = GeneratedText(seed: seed)
    var cues: [Cue] = []
    var time = 0
    for index in 0..<Int.random(in: 1...30, using: &random) {
      time += Int.random(in: 101...5_000_000, using: &random)
      let start = time
      time += Int.random(in: 1...9000, using: &random)
      let odd = ["<b>&amp;", "a --> b", "{\\an8}", "1", "x < y > z & w"].randomElement(using: &random) ?? ""
      let text = Bool.random(using: &random) ? "\(random.word())\n\(odd) \(random.word())" : random.sentence()
      let speaker = Bool.random(using: &random) ? "A. \(random.word()) & <Co>" : nil
      // Backslashes of SubStation overrides have no escape.
      let written = text.replacing("{\\an8}", with: "\(index)")
      cues.append(try cue(start, time, written, speaker: speaker))
    }
    let track = SubtitleTrack(cues: cues)
    #expect(try SubtitleTrack(parsing: track.webVTT()).cues == cues)

    let plain = cues.filter { !$0.text.contains("<") && !$0.text.contains("-->") }
    guard !plain.isEmpty else { return }
    let again = try SubtitleTrack(parsing: SubtitleTrack(cues: plain).subRip()).cues
    #expect(again.map(\.span) == plain.map(\.span))
    #expect(again.map(\.text) == plain.map(\.text))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no file breaks the reader, and its cues are in order`(_ seed: UInt64) {
    var random = GeneratedText(seed: seed)
    let pieces = [
      "WEBVTT\n", "\n", "\n\n", "1\n", "00:00:01,000 --> 00:00:02,000\n", "00:00:02.000 --> 00:00:01.000\n", "-->",
      "<v A>", "</v>", "<", ">", "{\\", "}", "&amp;", "&#0;", "text", " ", "NOTE x\n", "STYLE\n",
      "00:03.5 --> 00:04.5\n",
    ]
    guard let track = try? SubtitleTrack(parsing: random.shuffled(pieces, count: 200)) else { return }
    #expect(zip(track.cues, track.cues.dropFirst()).allSatisfy { $0.start <= $1.start })
    #expect(track.cues.allSatisfy { $0.start < $0.end && !$0.text.isEmpty && !$0.text.contains("\n\n") })
  }

  @Test func `plain text has a line a cue and an empty line where it is silent`() throws {
    let track = SubtitleTrack(cues: [try cue(0, 1000, "a\nb"), try cue(1000, 2000, "c"), try cue(9000, 9500, "d")])
    #expect(track.plainText() == "a b\nc\n\nd\n")
  }
}

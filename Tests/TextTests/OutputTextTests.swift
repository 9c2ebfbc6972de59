import TestSupport
import Testing
import Text

@Suite struct OutputTextTests {
  @Test(arguments: [
    ("abc", 3), ("äé", 2), ("e\u{301}", 1), ("日本", 4), ("👍🏽", 2), ("❤️", 2), ("a\u{200B}b", 2), ("한글", 4),
  ])
  func `width is counted in columns`(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test func `a text is cut to columns with an ellipsis`() {
    #expect("transcribe".truncated(toWidth: 6) == "trans…")
    #expect("日本語".truncated(toWidth: 4) == "日…")
    #expect("short".truncated(toWidth: 5) == "short")
    #expect("short".truncated(toWidth: 0) == "")
  }

  @Test func `prose is broken at spaces and prepared lines are left alone`() {
    #expect("one two three".wrapped(toWidth: 7) == ["one two", "three"])
    #expect("  kept   as it is".wrapped(toWidth: 5) == ["  kept   as it is"])
    #expect("incomprehensible".wrapped(toWidth: 5) == ["incomprehensible"])
    #expect("a\n\nb".wrapped(toWidth: 5) == ["a", "", "b"])
  }

  @Test func `nothing that steers a terminal gets through`() {
    #expect("a\u{1B}[2Jb\r\n\u{202E}c".printable() == "a�[2Jb��c")
    #expect("Grüße 日本".printable() == "Grüße 日本")
    #expect("abcdef".printable(limit: 3) == "abc…")
  }

  @Test(arguments: [
    ("amqp://guest:guest@host:5672/v", "amqp://guest:***@host:5672/v"),
    ("cannot reach amqp://a:b@c, retrying", "cannot reach amqp://a:***@c, retrying"),
    ("postgresql://u@h/db?password=x&sslmode=require", "postgresql://u@h/db?password=***&sslmode=require"),
    ("amqp://a:p@ss/w:rd@h", "amqp://a:***@h"), ("amqp://a:b@h1,amqp://c:d@h2", "amqp://a:***@h2"),
    ("http://host/path?page=2", "http://host/path?page=2"), ("no url: here@all", "no url: here@all"),
  ])
  func `a URL keeps everything but its secrets`(text: String, redacted: String) {
    #expect(text.redactingURLSecrets == redacted)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `no part of a password is left, whatever it is made of`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let middle = (0..<Int.random(in: 0..<6, using: &random)).compactMap { _ in
        "@:/?#%&=é日[".randomElement(using: &random)
      }
      let url = "postgresql://user:HIDDEN\(String(middle))SECRET@host:5432/library"
      let redacted = "cannot reach \(url) now".redactingURLSecrets
      #expect(!redacted.contains("HIDDEN") && !redacted.contains("SECRET"))
      #expect(redacted == "cannot reach postgresql://user:***@host:5432/library now")
    }
  }
}

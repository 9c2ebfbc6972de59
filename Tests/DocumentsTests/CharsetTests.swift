import Documents
import Testing

@Suite struct CharsetTests {
  private func bytes(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  @Test func `UTF-8 is recognised with and without a mark`() throws {
    let text = "Grüße – 你好 🎬"
    for mark in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
      let decoded = try DecodedText(mark + Array(text.utf8))
      #expect(decoded.text == text)
      #expect(decoded.charset == .utf8)
      #expect(!decoded.isLossy)
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `UTF-16 is recognised by its mark or its zeros`(_ bigEndian: Bool, _ marked: Bool) throws {
    let text = "A plain sentence with an é."
    let mark: [UInt8] = marked ? (bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
    let decoded = try DecodedText(mark + bytes(text, bigEndian: bigEndian))
    #expect(decoded.text == text)
    #expect(decoded.charset == (bigEndian ? .utf16BigEndian : .utf16LittleEndian))
  }

  @Test func `a lone surrogate and half a unit are replaced and counted`() throws {
    let decoded = try DecodedText([0xFF, 0xFE, 0x41, 0x00, 0x00, 0xD8, 0x42, 0x00, 0x43])
    #expect(decoded.text == "A\u{FFFD}B\u{FFFD}")
    #expect(decoded.replacements == 2)
    #expect(decoded.isLossy)
  }

  @Test func `what is no UTF-8 is windows-1252`() throws {
    let decoded = try DecodedText([0x93] + Array("caf".utf8) + [0xE9, 0x94, 0x20, 0x80, 0x35])
    #expect(decoded.text == "“café” €5")
    #expect(decoded.charset == .windows1252)
  }

  @Test func `a ligature between letters speaks for Latin-9`() throws {
    let decoded = try DecodedText(Array("le c".utf8) + [0xBD] + Array("ur, 5 ".utf8) + [0xA4])
    #expect(decoded.text == "le cœur, 5 €")
    #expect(decoded.charset == .latin9)
  }

  @Test func `a fraction after a digit does not`() throws {
    #expect(try DecodedText(Array("1".utf8) + [0xBD] + Array(" cups".utf8)).text == "1½ cups")
  }

  @Test func `UTF-8 that is cut in the middle of a character stays UTF-8`() throws {
    let decoded = try DecodedText(Array("Überall Äpfel für ".utf8) + [0xC3])
    #expect(decoded.text == "Überall Äpfel für \u{FFFD}")
    #expect(decoded.charset == .utf8)
    #expect(decoded.replacements == 1)
  }

  @Test func `a declared charset decides when UTF-8 does not fit`() throws {
    #expect(try DecodedText([0x41, 0xA4], declaredLabel: "ISO-8859-15").text == "A€")
    #expect(try DecodedText([0x41, 0xA4], declaredLabel: "iso-8859-1").text == "A¤")
    #expect(try DecodedText(Array("é".utf8), declaredLabel: "iso-8859-1").text == "é")
    #expect(throws: DocumentError.unsupportedCharset(label: "koi8-r")) {
      try DecodedText([0xC1], declaredLabel: "koi8-r")
    }
  }

  @Test(arguments: [
    "<meta charset=utf-8>", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">",
    "<meta charset = 'utf-8' >", "<?xml version='1.0' encoding='utf-8'?>",
  ])
  func `an HTML page declares its charset`(_ head: String) {
    #expect(Charset.label(declaredInHTML: Array(head.utf8)) == "utf-8")
  }

  @Test func `control characters go and are counted; line endings become line feeds`() throws {
    let decoded = try DecodedText(Array("a\0b\u{1}c\r\nd\re\u{85}f\tg\u{7F}\u{9B}".utf8))
    #expect(decoded.text == "abc\nd\ne\nf\tg")
    #expect(decoded.removedControls == 4)
    #expect(decoded.isLossy)
  }

  @Test func `too many bytes are refused`() {
    #expect(throws: DocumentError.tooLarge(bytes: 5, limit: 4)) { try DecodedText([1, 2, 3, 4, 5], limit: 4) }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `any bytes become text that a database takes`(_ seed: UInt64) throws {
    var random = GeneratedText(seed: seed)
    let text = try DecodedText(random.bytes(Int.random(in: 0...2000, using: &random))).text
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control })
  }
}

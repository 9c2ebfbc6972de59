import Documents
import Testing

@Suite struct DocumentFormatTests {
  @Test(
    arguments: [
      ("a.srt", nil, "", .subtitles), ("dir.x/a.MD", nil, "", .markdown), ("a.mdx", nil, "", .mdx),
      ("a.bin", "text/html; charset=utf-8", "", .html), (nil, "text/vtt", "", .subtitles),
      (nil, nil, "\u{FEFF}WEBVTT\n", .subtitles), (nil, nil, "1\n00:00:01,000 --> 00:00:02,000\nHi", .subtitles),
      (nil, nil, " <!DOCTYPE HTML>", .html), (nil, "text/plain", "# Title\n\ntext", .markdown),
      (nil, nil, "Just text.", .plainText), ("notes", nil, "", .plainText),
    ] as [(String?, String?, String, DocumentFormat)])
  func `name, media type and bytes tell the format`(
    _ name: String?, _ mediaType: String?, _ text: String, _ format: DocumentFormat
  ) throws {
    #expect(try DocumentFormat.detect(name: name, mediaType: mediaType, bytes: Array(text.utf8)) == format)
  }

  @Test(
    arguments: [
      Array("%PDF-1.7".utf8), [0x50, 0x4B, 0x03, 0x04], [0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ] as [[UInt8]])
  func `what is no text is refused, whatever its name`(_ bytes: [UInt8]) {
    #expect { try DocumentFormat.detect(name: "a.txt", bytes: bytes) } throws: { error in
      if case DocumentError.notText = error { true } else { false }
    }
  }
}

extension DocumentFormat {
  /// Finds out what a file is. The name says most, then the media type, then the first bytes.
  ///
  /// - Parameters:
  ///   - name: a file name or path; only its extension counts.
  ///   - mediaType: such as `text/html; charset=utf-8`.
  ///   - bytes: the file or its first kilobytes.
  /// - Throws: `notText` for bytes that are no text, whatever name and media type say.
  package static func detect(
    name: String? = nil, mediaType: String? = nil, bytes: [UInt8]
  ) throws(DocumentError) -> DocumentFormat {
    if let appearance = binaryAppearance(of: bytes) { throw .notText(appearance) }
    let bySaying = name.flatMap(byExtension) ?? mediaType.flatMap(byMediaType)
    if let bySaying { return bySaying }
    return byContent(bytes)
  }

  private static func byExtension(of name: String) -> DocumentFormat? {
    let file = name.split(separator: "/").last ?? ""
    guard let dot = file.lastIndex(of: ".") else { return nil }
    return switch file[file.index(after: dot)...].lowercased() {
    case "srt", "vtt": .subtitles
    case "md", "markdown", "mdown", "mkd": .markdown
    case "mdx": .mdx
    case "html", "htm", "xhtml": .html
    case "txt", "text", "log": .plainText
    default: nil
    }
  }

  private static func byMediaType(_ mediaType: String) -> DocumentFormat? {
    let type = mediaType.prefix { $0 != ";" }.lowercased().collapsingWhiteSpace()
    return switch type {
    case "text/vtt", "application/x-subrip", "text/srt": .subtitles
    case "text/markdown", "text/x-markdown": .markdown
    case "text/mdx": .mdx
    case "text/html", "application/xhtml+xml": .html
    // `text/plain` is what servers say of everything that they do not know: let the bytes speak.
    default: nil
    }
  }

  private static func byContent(_ bytes: [UInt8]) -> DocumentFormat {
    guard let head = try? DecodedText(Array(bytes.prefix(4096))).text else { return .plainText }
    let start = head.drop(while: \.isWhitespace).prefix(64).lowercased()
    if start.hasPrefix("webvtt") { return .subtitles }
    if ["<!doctype html", "<html", "<head", "<body"].contains(where: start.hasPrefix) { return .html }
    let lines = head.split(separator: "\n", omittingEmptySubsequences: true)
    if lines.prefix(4).contains(where: { SubtitleTime.isTimingLine($0) }) { return .subtitles }
    let looksMarkdown = head.hasPrefix("---\n") || lines.contains { $0.hasPrefix("```") || isATXHeading($0) }
    return looksMarkdown ? .markdown : .plainText
  }

  private static func isATXHeading(_ line: Substring) -> Bool {
    let marks = line.prefix { $0 == "#" }.count
    return (1...6).contains(marks) && line.dropFirst(marks).first == " "
  }

  /// What bytes that are no text look like; `nil` for text.
  private static func binaryAppearance(of bytes: [UInt8]) -> String? {
    let signatures: [(bytes: [UInt8], appearance: String)] = [
      (Array("%PDF-".utf8), "a PDF file"),
      ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or office document"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old office document"),
      ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
      ([0xFF, 0xD8, 0xFF], "a JPEG image"),
      (Array("GIF8".utf8), "a GIF image"),
      ([0x1F, 0x8B], "gzip data"),
      ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska file"),
      ([0x7F, 0x45, 0x4C, 0x46], "a program"),
    ]
    if let match = signatures.first(where: { bytes.starts(with: $0.bytes) }) { return match.appearance }
    if bytes.count >= 8, bytes[4..<8].elementsEqual("ftyp".utf8) { return "an MP4 file" }
    guard Charset.byteOrderMark(of: bytes) == nil, Charset.utf16ByZeros(in: bytes) == nil else { return nil }
    let sample = bytes.prefix(4096)
    let controls = sample.count { $0 < 0x09 || ($0 >= 0x0E && $0 < 0x20 && $0 != 0x1B) }
    return controls > sample.count / 20 ? "binary data" : nil
  }
}

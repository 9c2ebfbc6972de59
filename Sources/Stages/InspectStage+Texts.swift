internal import Documents
internal import Media
internal import Pipeline

extension InspectStage {
  /// Texts are read by the stage that cuts them into passages; here they are only looked at.
  func inspectText(at path: String, _ source: BlobReference) async throws(StageFailure) -> Facts {
    guard source.size <= limits.textSize else {
      throw .permanent(
        "media.too-large", "the text has \(source.size) bytes, at most \(limits.textSize) are taken; split it")
    }
    let bytes = try await withMedia { () throws(MediaError) in
      try await LocalFile.beginning(of: path, limit: Int(source.size))
    }
    do throws(DocumentError) {
      // Not by the name: the facts of equal content are equal.
      let format = try DocumentFormat.detect(bytes: bytes)
      let charset = try DecodedText(bytes, limit: bytes.count).charset
      guard charset == .utf16LittleEndian || charset == .utf16BigEndian || !bytes.contains(0) else {
        throw DocumentError.notText("binary data: it contains NUL bytes")
      }
      return Facts(contentType: Self.contentType(of: format), size: source.size)
    } catch {
      throw .permanent("media.not-text", error.description)
    }
  }

  private static func contentType(of format: DocumentFormat) -> String {
    switch format {
    case .plainText: "text/plain"
    case .markdown: "text/markdown"
    case .mdx: "text/mdx"
    case .html: "text/html"
    case .subtitles: "text/vtt"
    }
  }
}

/// The text of a document, freed of its format.
package struct Document: Hashable, Sendable {
  /// What the document calls itself: its front matter or `<title>`, else its first heading of level 1.
  package let title: String?
  package let blocks: [Block]

  package init(title: String?, blocks: [Block]) {
    self.title = title
    self.blocks = blocks
  }

  /// Reads bytes of a text format.
  ///
  /// - Parameters:
  ///   - format: as `DocumentFormat.detect` finds it.
  ///   - declaredLabel: the charset of a `Content-Type`; an HTML page's own `<meta>` is looked at when there is none.
  ///   - limit: the most bytes to accept.
  /// - Throws: what `DecodedText` throws, and `noCues` for subtitles without a usable cue.
  package init(
    _ bytes: [UInt8], format: DocumentFormat, declaredLabel: String? = nil, limit: Int = DecodedText.defaultLimit
  ) throws(DocumentError) {
    let label = declaredLabel ?? (format == .html ? Charset.label(declaredInHTML: bytes) : nil)
    let text = try DecodedText(bytes, declaredLabel: label, limit: limit).text
    switch format {
    case .html: self = HTML.document(from: text)
    case .markdown: self = Markdown.document(from: text, dialect: .commonMark)
    case .mdx: self = Markdown.document(from: text, dialect: .mdx)
    case .plainText: self = PlainText.document(from: text)
    case .subtitles: self = PlainText.document(from: try SubtitleTrack(parsing: text).plainText())
    }
  }
}

/// The formats that text is read from.
package enum DocumentFormat: String, Hashable, Sendable, CaseIterable {
  case plainText
  case markdown
  case mdx
  case html
  /// SRT or WebVTT.
  case subtitles
}

/// Text without markup: paragraphs are what blank lines separate. Headings are not guessed.
package enum PlainText {
  /// - Parameter text: lines ended by line feeds, as `DecodedText` gives them.
  package static func document(from text: String) -> Document {
    var builder = DocumentBuilder()
    var paragraph: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.unicodeScalars.allSatisfy(\.isBlank) {
        builder.add(.paragraph, paragraph.joined(separator: "\n"))
        paragraph.removeAll(keepingCapacity: true)
      } else {
        paragraph.append(line)
      }
    }
    builder.add(.paragraph, paragraph.joined(separator: "\n"))
    return builder.document()
  }
}

/// The visible text of an HTML page.
package enum HTML {
  /// Reads a page, or a piece of one; whatever is wrong with it, something is read.
  ///
  /// Scripts, styles, templates and hidden elements are left out, block elements break the text, images give their
  /// alternative text, cells of a row are joined by “ | ”. Time and space are linear in the input.
  package static func document(from text: String) -> Document {
    var reader = HTMLReader(Array(text.utf8))
    return reader.document()
  }
}

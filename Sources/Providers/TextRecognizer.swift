/// Reads text that stands in a picture.
package protocol TextRecognizer: Sendable {
  /// Who and which model, such as `tesseract/eng`: another name is another definition of the stage that asks.
  var name: String { get }

  /// Whether the pictures are to be PNG files, to be sent; else they are PGM files.
  var readsPNG: Bool { get }

  /// The lines of text in a picture file, from top to bottom.
  ///
  /// - Returns: no lines if there is no text, or none that can be read.
  func recognize(picture path: String) async throws(ProviderFailure) -> [RecognizedLine]
}

extension TextRecognizer {
  package var readsPNG: Bool { false }
}

/// A line of text in a picture; the place in pixels from the top left.
package struct RecognizedLine: Sendable, Equatable {
  package var text: String
  /// From 0 to 1.
  package var confidence: Double
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(text: String, confidence: Double, x: Int, y: Int, width: Int, height: Int) {
    self.text = text
    self.confidence = confidence
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

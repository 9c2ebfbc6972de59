package import Subprocess

/// The embedded text recogniser: tesseract, looking for text wherever it stands (page segmentation mode 11), which finds
/// titles over moving pictures as well as slides. It takes light text on a dark ground as it is.
package struct TesseractRecognizer: TextRecognizer {
  package let name: String
  private let languages: String
  private let tool: EmbeddedTool

  /// Words below are mostly patterns taken for letters; from 0 to 100, as tesseract counts.
  static let leastConfidence = 60.0

  /// - Parameter languages: tesseract's names of them, such as `eng+deu`; each needs its Debian package.
  package init(sandbox: Sandbox, languages: String = "eng", deadline: Duration = .seconds(120)) {
    self.languages = languages
    name = "tesseract/\(languages)"
    tool = EmbeddedTool(
      provider: name, program: "tesseract", package: "tesseract-ocr, and tesseract-ocr-<language> for each language",
      sandbox: sandbox, deadline: deadline)
  }

  package func recognize(picture path: String) async throws(ProviderFailure) -> [RecognizedLine] {
    let output = try await tool.run(
      [path, "-", "-l", languages, "--psm", "11", "--dpi", "150", "tsv"], readable: [path])
    return Self.lines(String(decoding: output, as: UTF8.self))
  }
}

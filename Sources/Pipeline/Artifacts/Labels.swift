/// What is to be seen in a picture: the value of `labels`.
package struct Labels: ArtifactValue {
  /// Text that stands in the picture.
  package struct Text: ArtifactValue {
    package var text: String
    /// From 0 to 1.
    package var confidence: Double
    /// In pixels from the top left.
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

  package struct Colour: ArtifactValue {
    /// As `#rrggbb`.
    package var colour: String
    /// The share of the picture, from 0 to 1.
    package var share: Double

    package init(colour: String, share: Double) {
      self.colour = colour
      self.share = share
    }
  }

  package struct Label: ArtifactValue {
    package var name: String
    /// From 0 to 1.
    package var confidence: Double

    package init(name: String, confidence: Double) {
      self.name = name
      self.confidence = confidence
    }
  }

  package var texts: [Text]
  package var colours: [Colour]
  /// What a vision provider recognised.
  package var labels: [Label]
  package var description: String?
  package var exif: [String: String]

  package init(
    texts: [Text] = [], colours: [Colour] = [], labels: [Label] = [], description: String? = nil,
    exif: [String: String] = [:]
  ) {
    self.texts = texts
    self.colours = colours
    self.labels = labels
    self.description = description
    self.exif = exif
  }
}

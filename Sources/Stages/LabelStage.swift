internal import JSON
package import Media
package import Pipeline
package import Providers

/// Says what is to be seen in a picture: text, colours, what the camera wrote, and what a vision provider makes of it.
package struct LabelStage: Stage {
  package let declaration: StageDeclaration
  private let tools: MediaTools
  private let text: any TextRecognizer
  private let vision: (any VisionProvider)?

  /// The recogniser that the stage's definition takes for granted.
  package static let embeddedRecognizer = "tesseract/eng"

  package init(tools: MediaTools, text: any TextRecognizer, vision: (any VisionProvider)? = nil) {
    self.tools = tools
    self.text = text
    self.vision = vision
    declaration = Self.declaration(text: text.name, vision: vision?.name)
  }

  /// What is known of the stage without its tools.
  ///
  /// - Parameters:
  ///   - text: the recogniser's name.
  ///   - vision: the vision provider's name, if there is one.
  package static func declaration(
    text: String = embeddedRecognizer, vision: String? = nil
  ) -> StageDeclaration {
    var configuration: [String: JSON] = [:]
    if text != embeddedRecognizer { configuration["text"] = .string(text) }
    if let vision { configuration["vision"] = .string(vision) }
    let reads: [Input] = [.required(.source), .required(.facts)]
    // Programs of this machine are quick enough to be run again.
    let isPaid = vision != nil || !text.hasPrefix("tesseract/")
    return StageDeclaration(
      name: StageName("label"), configuration: .object(configuration), writes: .labels,
      reads: [.image: reads, .keyframe: reads],
      policy: StagePolicy(concurrency: 2, deadline: .seconds(10 * 60), cost: isPaid ? .costly : .heavy))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    let facts = try context.facts()
    guard let format = PictureFormat(contentType: facts.contentType), let size = facts.video.first else {
      throw .permanent("facts.no-picture", "expected the facts of a picture, they are of \(facts.contentType)")
    }
    let path = try await context.path(of: context.source())
    let input = MediaInput.picture(path, format)
    let (texts, pixels) = try await read(input, size, context)
    var labels = Labels(texts: texts)
    labels.colours = DominantColours(pixels: pixels).shares.map { Labels.Colour(colour: $0.colour, share: $0.share) }
    labels.exif = ExifReader.tags(
      inBeginning: try await withMedia { () throws(MediaError) in
        try await LocalFile.beginning(of: path, limit: ExifReader.wantedBytes)
      })
    if let vision {
      let answer = try await context.ask(vision.name, units: 1, of: "picture") { () throws(ProviderFailure) in
        try await vision.look(at: path)
      }
      labels.labels = answer.labels
      labels.description = answer.description
    }
    return .finished(StageOutput(value: labels.json))
  }

  /// The longer edge that pictures are scaled to for reading: small text is read when it is twice as large, and what
  /// is larger than this only costs time.
  private static let readingEdge = 2400.0

  /// The shorter edge below which no letter fits.
  private static let leastReadingEdge = 16.0

  /// The edge of the thumbnail that colours are counted in.
  private static let thumbnailEdge = 64

  /// The text on the picture, and its thumbnail.
  private func read(
    _ input: MediaInput, _ size: Facts.VideoStream, _ context: any StageContext
  ) async throws(StageFailure) -> (texts: [Labels.Text], thumbnail: [UInt8]) {
    let edge = Self.thumbnailEdge
    let scale = min(2, Self.readingEdge / Double(max(size.width, size.height)))
    guard Double(min(size.width, size.height)) * scale >= Self.leastReadingEdge else {
      let thumbnail = try await withMedia { () throws(MediaError) in
        try await tools.thumbnail(of: input, width: edge, height: edge)
      }
      return ([], thumbnail)
    }
    let (grey, thumbnail) = try await withMedia { () throws(MediaError) in
      try await tools.greyPicture(
        of: input, scale: scale, name: text.readsPNG ? "grey.png" : "grey.pgm", isCompressed: text.readsPNG,
        folder: context.scratchFolder, thumbnailEdge: edge)
    }
    let lines = try await context.ask(text.name, units: 1, of: "picture") { () throws(ProviderFailure) in
      try await text.recognize(picture: grey)
    }
    func original(_ length: Int) -> Int { Int((Double(length) / scale).rounded()) }
    let texts = lines.map { line in
      Labels.Text(
        text: line.text, confidence: line.confidence, x: original(line.x), y: original(line.y),
        width: original(line.width), height: original(line.height))
    }
    return (texts, thumbnail)
  }
}

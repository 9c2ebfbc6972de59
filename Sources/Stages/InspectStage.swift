package import Media
package import Pipeline

/// Finds out what a source really is, by its content and not by its name, and refuses what cannot be worked with.
package struct InspectStage: Stage {
  package let declaration: StageDeclaration
  let tools: MediaTools
  let limits: InspectionLimits

  package init(tools: MediaTools, limits: InspectionLimits = InspectionLimits()) {
    self.tools = tools
    self.limits = limits
    declaration = Self.declaration(limits: limits)
  }

  /// What is known of the stage without its tools.
  package static func declaration(limits: InspectionLimits = InspectionLimits()) -> StageDeclaration {
    StageDeclaration(
      name: StageName("inspect"), configuration: limits.configuration, writes: .facts,
      reads: Dictionary(uniqueKeysWithValues: MediaType.allCases.map { ($0, [.required(.source)]) }),
      policy: StagePolicy(concurrency: 2, deadline: .seconds(19 * 60), cost: .heavy))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    let source = try context.source()
    guard source.size > 0 else { throw .permanent("media.empty", "the file is empty; upload it again") }
    guard source.size <= limits.size else {
      throw .permanent("media.too-large", "the file has \(source.size) bytes, at most \(limits.size) are taken")
    }
    let path = try await context.path(of: source)
    let facts =
      switch context.asset.mediaType {
      case .video, .audio: try await inspectRecording(at: path, source, as: context.asset.mediaType)
      case .image, .keyframe: try await inspectPicture(at: path, source)
      case .text: try await inspectText(at: path, source)
      }
    return .finished(StageOutput(value: facts.json))
  }

  private func inspectPicture(at path: String, _ source: BlobReference) async throws(StageFailure) -> Facts {
    let type = try await withMedia { () throws(MediaError) in try await ContentType(ofFileAt: path) }
    guard let format = PictureFormat(contentType: type.mimeType) else {
      let known = PictureFormat.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", ")
      throw .permanent(
        "media.not-an-image", "expected a picture (\(known)), the content is \(type.mimeType) (\(type.description))")
    }
    let input = MediaInput.picture(path, format)
    let probe = try await withMedia { () throws(MediaError) in
      let probe = try await tools.probe(input)
      // Decodes all of it: what is cut off or too large fails here, with the reason.
      _ = try await tools.thumbnail(of: input, width: 8, height: 8)
      return probe
    }
    guard let picture = probe.streams.first, picture.width > 0, picture.height > 0 else {
      throw .permanent("media.unreadable", "the picture has no size; export it again")
    }
    return Facts(
      contentType: type.mimeType, container: probe.container, size: source.size,
      video: [
        Facts.VideoStream(
          index: picture.index, codec: picture.codec, width: picture.width, height: picture.height, frameRate: nil)
      ])
  }
}

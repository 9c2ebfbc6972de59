internal import Hashing
internal import JSON
package import Media
package import Pipeline

/// Takes the pictures that stand for a video; each becomes an asset of its own.
package struct KeyFramesStage: Stage {
  package let declaration: StageDeclaration
  private let tools: MediaTools
  private let rules: KeyFrameRules

  package init(tools: MediaTools, rules: KeyFrameRules = KeyFrameRules()) {
    self.tools = tools
    self.rules = rules
    declaration = Self.declaration(rules: rules)
  }

  /// What is known of the stage without its tools.
  package static func declaration(rules: KeyFrameRules = KeyFrameRules()) -> StageDeclaration {
    StageDeclaration(
      name: StageName("keyframes"), configuration: rules.configuration, writes: .keyframes,
      reads: [.video: [.required(.source), .required(.facts)]],
      policy: StagePolicy(concurrency: 2, deadline: .seconds(19 * 60), cost: .heavy), hasChildren: true)
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    let facts = try context.facts()
    guard let stream = facts.video.first else { return .finished(.empty(because: "the file has no video stream")) }
    let input = MediaInput.recording(try await context.path(of: context.source()))
    let pictures = try await withMedia { () throws(MediaError) in
      try await tools.extractKeyFrames(
        of: input, stream: stream.index, duration: facts.durationMilliseconds ?? 0, rules: rules,
        folder: context.scratchFolder)
    }
    guard let first = pictures.first else { return .finished(.empty(because: "no picture could be decoded")) }
    // All pictures of a video have one size.
    let size = try await withMedia { () throws(MediaError) in try await tools.probe(.picture(first.path, .jpeg)) }
    var frames: [KeyFrames.Frame] = []
    for (number, picture) in pictures.enumerated() {
      try context.checkCancellation()
      let blob = try await context.store(file: picture.path)
      frames.append(
        KeyFrames.Frame(
          milliseconds: picture.milliseconds, digest: blob.digest.description, size: blob.size,
          width: size.streams.first?.width ?? 0, height: size.streams.first?.height ?? 0,
          perceptualHash: picture.hash.description))
      context.report(progress: Double(number + 1) / Double(pictures.count))
    }
    return .finished(StageOutput(value: KeyFrames(frames: frames).json))
  }

  package func children(of output: StageOutput, for parent: StageAsset) -> [ChildAsset] {
    guard output.emptyBecause == nil, let frames = try? KeyFrames(json: output.value).frames else { return [] }
    return frames.compactMap { frame in
      SHA256Digest(frame.digest).map { digest in
        ChildAsset(
          id: AssetID(keyFrameOf: parent.id, milliseconds: frame.milliseconds, picture: digest), mediaType: .keyframe,
          title: "Picture at \(Self.clock(frame.milliseconds))", offsetMilliseconds: frame.milliseconds,
          source: BlobReference(digest: digest, size: frame.size))
      }
    }
  }

  /// `0:01:02`.
  private static func clock(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}

extension KeyFrameRules {
  /// What differs from the defaults.
  fileprivate var configuration: JSON {
    let standard = KeyFrameRules()
    var members: [String: JSON] = [:]
    if count != standard.count { members["count"] = .integer(Int64(count)) }
    if sceneInterval != standard.sceneInterval { members["sceneInterval"] = .integer(sceneInterval) }
    if interval != standard.interval { members["interval"] = .integer(interval) }
    if sceneChange != standard.sceneChange { members["sceneChange"] = .integer(Int64(sceneChange)) }
    if sameness != standard.sameness { members["sameness"] = .integer(Int64(sameness)) }
    if longestEdge != standard.longestEdge { members["longestEdge"] = .integer(Int64(longestEdge)) }
    return .object(members)
  }
}

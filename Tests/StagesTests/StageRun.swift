import FoundationEssentials
import JSON
import Pipeline
import TestSupport

/// A stage that has run once, and what it said meanwhile.
struct StageRun {
  let outcome: StageOutcome
  let context: FolderContext

  /// Runs a stage for an asset that has these inputs.
  ///
  /// - Parameters:
  ///   - text: the content of a text asset; its facts come with it.
  ///   - isAskedToYield: from the beginning on.
  /// - Throws: what the stage throws.
  init(
    of stage: some Stage, for mediaType: MediaType, _ inputs: [ArtifactKind: StageInput], text: [UInt8]? = nil,
    fileName: String? = nil, isAskedToYield: Bool = false
  ) async throws {
    (outcome, context) = try await withFolder { folder in
      var inputs = inputs
      if let text {
        let blob = try FolderContext.store(Data(text), in: "\(folder)/blobs")
        inputs[.source] = StageInput(StageOutput(value: [:], blob: blob))
        inputs[.facts] = StageInput(Facts(contentType: "text/plain", size: blob.size).json)
      }
      let id = try AssetID(parsing: "an-asset")
      let asset = StageAsset(
        id: id, mediaType: mediaType, organisation: "studio", root: id, offsetMilliseconds: nil, fileName: fileName)
      let context = try FolderContext(
        stage, of: asset, in: folder, inputs: inputs, windowsPerRun: isAskedToYield ? 0 : .max)
      return (try await stage.run(context), context)
    }
  }

  /// What it made; nil if it is to be continued.
  var output: StageOutput? {
    if case .finished(let output) = outcome { output } else { nil }
  }
}

extension StageInput {
  /// What a stage has made, as its readers see it.
  init(_ output: StageOutput) {
    self.init(
      fingerprint: output.fingerprint, value: output.value, blob: output.blob, isEmpty: output.emptyBecause != nil)
  }

  init(_ value: JSON) { self.init(StageOutput(value: value)) }
}

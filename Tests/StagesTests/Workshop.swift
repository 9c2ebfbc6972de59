import FoundationEssentials
import Hashing
import JSON
import Media
import Pipeline
import Samples
import Stages
import Subprocess
import TestSupport

/// A folder, the tools, and an asset's inputs, which grow with what stages write.
struct Workshop {
  let folder: String
  let tools: MediaTools
  let asset: StageAsset
  var inputs: [ArtifactKind: StageInput] = [:]

  /// Gives a file as the asset's content.
  mutating func give(_ kind: ArtifactKind = .source, file path: String) throws {
    try give(kind, content: Data(contentsOf: URL(filePath: path)))
  }

  mutating func give(_ kind: ArtifactKind = .source, content: Data) throws {
    let blob = try FolderContext.store(content, in: "\(folder)/blobs")
    inputs[kind] = StageInput(fingerprint: blob.digest, value: [:], blob: blob, isEmpty: false)
  }

  func context(_ stage: some Stage, windows: [JSON] = [], windowsPerRun: Int = .max) throws -> FolderContext {
    try FolderContext(stage, of: asset, in: folder, inputs: inputs, windows: windows, windowsPerRun: windowsPerRun)
  }

  /// Runs the stage and keeps what it writes as an input of the next.
  @discardableResult
  mutating func run(_ stage: some Stage) async throws -> StageOutput {
    guard case .finished(let output) = try await stage.run(context(stage)) else {
      throw NotFinished()
    }
    inputs[stage.declaration.writes] = StageInput(
      fingerprint: output.fingerprint, value: output.value, blob: output.blob, isEmpty: output.emptyBecause != nil)
    return output
  }

  /// What the stage throws.
  func failure(of stage: some Stage) async throws -> StageFailure? {
    let context = try context(stage)
    do throws(StageFailure) {
      _ = try await stage.run(context)
      return nil
    } catch {
      return error
    }
  }

  /// Makes media with ffmpeg: inputs and outputs are the test's own.
  func make(_ name: String, _ arguments: [String]) async throws -> String {
    let outcome = try await Command(
      "ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments + [name], workingDirectory: folder,
      deadline: .seconds(120)
    ).run()
    guard outcome.isSuccess else { throw NotMade(complaint: outcome.standardError) }
    return "\(folder)/\(name)"
  }

  struct NotFinished: Error {}

  struct NotMade: Error {
    let complaint: String
  }
}

/// Runs `body` with a workshop for an asset of that type.
func withWorkshop<Result>(
  _ mediaType: MediaType, sandbox mode: SandboxMode = .preferred, ffmpeg: String = "ffmpeg",
  deadlines: MediaTools.Deadlines = MediaTools.Deadlines(), _ body: (inout Workshop) async throws -> Result
) async throws -> Result {
  try await withFolder { folder in
    let id = try AssetID(parsing: "an-asset")
    var workshop = Workshop(
      folder: folder,
      tools: try MediaTools(sandbox: await Sandbox(mode: mode), ffmpeg: ffmpeg, deadlines: deadlines),
      asset: StageAsset(
        id: id, mediaType: mediaType, organisation: "default", root: id, offsetMilliseconds: nil, fileName: nil))
    return try await body(&workshop)
  }
}

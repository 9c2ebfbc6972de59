import FoundationEssentials
import Hashing
import JSON
import Pipeline
import Synchronization

/// A run over a folder: inputs and stored content are real files, windows are kept in memory.
final class FolderContext: StageContext {
  struct Charge: Equatable {
    let provider: String
    let units: Double
    let unit: String
  }

  private struct Notes {
    var windows: [JSON] = []
    var charges: [Charge] = []
    var progress: [Double] = []
  }

  let asset: StageAsset
  let scratchFolder: String
  let definition: StageDefinition
  private let blobFolder: String
  private let inputs: [ArtifactKind: StageInput]
  private let windowsPerRun: Int
  private let windowsBefore: Int
  private let notes: Mutex<Notes>

  /// - Parameter windowsPerRun: after how many windows the run is asked to yield.
  init(
    _ stage: some Stage, of asset: StageAsset, in folder: String, inputs: [ArtifactKind: StageInput],
    windows: [JSON] = [], windowsPerRun: Int = .max
  ) throws {
    self.asset = asset
    self.inputs = inputs
    self.windowsPerRun = windowsPerRun
    windowsBefore = windows.count
    definition = stage.declaration.definition
    notes = Mutex(Notes(windows: windows))
    blobFolder = "\(folder)/blobs"
    scratchFolder = "\(folder)/scratch-\(UUID().uuidString)"
    for path in [blobFolder, scratchFolder] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  var windows: [JSON] { notes.withLock { $0.windows } }
  var charges: [Charge] { notes.withLock { $0.charges } }
  var progress: [Double] { notes.withLock { $0.progress } }

  func input(_ kind: ArtifactKind) -> StageInput? { inputs[kind] }

  func path(of blob: BlobReference) async throws(StageFailure) -> String { "\(blobFolder)/\(blob.digest)" }

  func store(file path: String) async throws(StageFailure) -> BlobReference {
    do {
      return try Self.store(Data(contentsOf: URL(filePath: path)), in: blobFolder)
    } catch {
      throw .transient("storage.unwritable", "\(error)")
    }
  }

  static func store(_ content: Data, in blobFolder: String) throws -> BlobReference {
    let blob = BlobReference(digest: SHA256Digest(hashing: content), size: Int64(content.count))
    try FileManager.default.createDirectory(atPath: blobFolder, withIntermediateDirectories: true)
    try content.write(to: URL(filePath: "\(blobFolder)/\(blob.digest)"))
    return blob
  }

  func recordedWindows() async throws(StageFailure) -> [JSON] { windows }

  func record(window: JSON, number: Int) async throws(StageFailure) {
    notes.withLock { notes in
      precondition(number == notes.windows.count, "windows are recorded in order")
      notes.windows.append(window)
    }
  }

  var shouldYield: Bool { notes.withLock { $0.windows.count - windowsBefore >= windowsPerRun } }

  func report(progress: Double) { notes.withLock { $0.progress.append(progress) } }

  func ask<Answer: Sendable>(
    _ provider: String, units: Double, of unit: String, _ call: () async throws(StageFailure) -> Answer
  ) async throws(StageFailure) -> Answer {
    notes.withLock { $0.charges.append(Charge(provider: provider, units: units, unit: unit)) }
    return try await call()
  }
}

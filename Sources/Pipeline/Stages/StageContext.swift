package import JSON

/// What a running stage sees of the world: its inputs, and the places where it may leave something.
package protocol StageContext: Sendable {
  /// The asset that is worked on.
  var asset: StageAsset { get }

  /// A folder of the run's own, deleted when it ends.
  var scratchFolder: String { get }

  /// The definition this run works under.
  var definition: StageDefinition { get }

  /// The input of that kind; nil where it is absent (not applicable, dead, or never given).
  func input(_ kind: ArtifactKind) -> StageInput?

  /// The path of an input's content, to be read only.
  ///
  /// - Throws: a transient failure when the blob store cannot be reached.
  func path(of blob: BlobReference) async throws(StageFailure) -> String

  /// Takes a finished file from the scratch folder into the blob store.
  func store(file path: String) async throws(StageFailure) -> BlobReference

  /// The windows of this recipe that were recorded already, by an earlier run or this one, in order.
  func recordedWindows() async throws(StageFailure) -> [JSON]

  /// Records the next window, so that it is never done again for this recipe.
  ///
  /// - Throws: a permanent failure in a stage that is declared quick: its work has no parts.
  func record(window: JSON, number: Int) async throws(StageFailure)

  /// Whether to stop after the window at hand and return ``StageOutcome/continued``.
  var shouldYield: Bool { get }

  /// Says how far the work is, from 0 to 1.
  func report(progress: Double)

  /// Asks a provider, within its limits and if its circuit lets calls through. The charge is booked before the call, and
  /// what became of it afterwards.
  ///
  /// - Parameters:
  ///   - units: how much, in the provider's own unit.
  ///   - unit: what is counted, such as `second` or `text`.
  /// - Throws: what the call throws; a failure that counts no attempt where the provider is not to be asked now.
  func ask<Answer: Sendable>(
    _ provider: String, units: Double, of unit: String, _ call: () async throws(StageFailure) -> Answer
  ) async throws(StageFailure) -> Answer
}

/// The asset as its stages see it.
package struct StageAsset: Sendable, Equatable {
  package let id: AssetID
  package let mediaType: MediaType
  package let organisation: String
  /// The asset that this one is part of; itself when it is none.
  package let root: AssetID
  /// Where in the root, in milliseconds; nil for a root.
  package let offsetMilliseconds: Int64?
  /// The file name it came with; a hint about formats, never a path.
  package let fileName: String?

  package init(
    id: AssetID, mediaType: MediaType, organisation: String, root: AssetID, offsetMilliseconds: Int64?,
    fileName: String?
  ) {
    self.id = id
    self.mediaType = mediaType
    self.organisation = organisation
    self.root = root
    self.offsetMilliseconds = offsetMilliseconds
    self.fileName = fileName
  }
}

/// An artifact as its readers see it.
package struct StageInput: Sendable, Equatable {
  package let fingerprint: Fingerprint
  package let value: JSON
  package let blob: BlobReference?
  package let isEmpty: Bool

  package init(fingerprint: Fingerprint, value: JSON, blob: BlobReference?, isEmpty: Bool) {
    self.fingerprint = fingerprint
    self.value = value
    self.blob = blob
    self.isEmpty = isEmpty
  }
}

internal import JSON
internal import Pipeline

extension StageContext {
  /// The source, whose content is in the blob store.
  func source() throws(StageFailure) -> BlobReference {
    guard let blob = input(.source)?.blob else {
      throw .permanent("source.missing", "expected a source with content, there is none; upload the file again")
    }
    return blob
  }

  /// What `inspect` found.
  func facts() throws(StageFailure) -> Facts {
    guard let input = input(.facts) else {
      throw .permanent("facts.missing", "expected the facts of the asset, there are none; run the stage `inspect`")
    }
    return try Self.value(of: input, .facts)
  }

  /// The value of an input; nil if it is absent or empty.
  func value<Value: ArtifactValue>(_ kind: ArtifactKind, as type: Value.Type) throws(StageFailure) -> Value? {
    guard let input = input(kind), !input.isEmpty else { return nil }
    return try Self.value(of: input, kind)
  }

  /// Why an input is empty; nil if it is not.
  func reasonForEmpty(_ kind: ArtifactKind) -> String? {
    guard let input = input(kind), input.isEmpty else { return nil }
    return input.value["empty"]?.string
  }

  private static func value<Value: ArtifactValue>(
    of input: StageInput, _ kind: ArtifactKind
  ) throws(StageFailure) -> Value {
    do throws(InvalidArtifact) {
      return try Value(json: input.value)
    } catch {
      throw .permanent(
        "artifact.invalid", "cannot read the artifact `\(kind)`: \(error); run the stage that writes it again")
    }
  }

  /// Ends the run if its task was cancelled.
  func checkCancellation() throws(StageFailure) {
    if Task.isCancelled {
      throw StageFailure(.interrupted, code: "run.cancelled", "the run was cancelled")
    }
  }
}

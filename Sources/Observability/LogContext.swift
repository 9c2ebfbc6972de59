/// What every log line of a task and its children carries: the asset, the stage, the attempt.
package enum LogContext {
  /// The metadata of the running task; add to it by ``with(_:_:)``.
  @TaskLocal package static var metadata: LogMetadata = [:]

  /// Runs `body` with `metadata` added to what its log lines carry.
  package static func with<Result, Failure: Error>(
    _ metadata: LogMetadata, _ body: () async throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    let merged = Self.metadata.merging(metadata) { $1 }
    // withValue rethrows any error; the box keeps the failure's type.
    let outcome: Swift.Result<Result, Failure> = await $metadata.withValue(merged) {
      do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}

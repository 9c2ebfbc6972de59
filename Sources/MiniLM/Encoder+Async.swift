internal import Concurrency

extension Encoder {
  /// The unit vectors of the texts, in their order, worked out on up to `threads` threads of their own.
  ///
  /// A cancelled task stops after the batches that are in work (a fraction of a second).
  ///
  /// - Throws: that the task was cancelled.
  package func encode(_ texts: [String]) async throws(CancellationError) -> [[Float]] {
    let job = await onOwnThread { [tokenizer] in EncodingJob(texts, tokenizer: tokenizer) }
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<min(threads, job.batchCount) {
          group.addTask { await self.onOwnThread { self.work(on: job) } }
        }
      }
    } onCancel: {
      job.cancel()
    }
    guard !Task.isCancelled else { throw CancellationError() }
    return job.vectors
  }

  private func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      startThread(name: "minilm") { continuation.resume(returning: work()) }
    }
  }
}

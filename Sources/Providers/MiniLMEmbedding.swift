internal import Concurrency
internal import MiniLM
internal import Synchronization

/// The embedded embedding provider: all-MiniLM-L6-v2 in our own process, loaded when it is first asked.
package final class MiniLMEmbedding: EmbeddingProvider {
  package let model = "all-MiniLM-L6-v2"
  package let dimension = Encoder.dimension

  private let folder: String
  private let threads: Int
  private let encoder = Mutex<Encoder?>(nil)

  /// - Parameters:
  ///   - folder: where scripts/fetch-model put the model.
  ///   - threads: how many processors one call may use.
  package init(folder: String, threads: Int = 1) {
    self.folder = folder
    self.threads = threads
  }

  package func embed(_ texts: [String]) async throws(ProviderFailure) -> [[Float]] {
    let encoder = try await loaded()
    do throws(CancellationError) {
      return try await encoder.encode(texts)
    } catch {
      throw ProviderFailure(.cancelled, provider: model, "the task was cancelled while it encoded")
    }
  }

  /// The encoder. Callers that come while it is loaded wait, on threads of their own, for the one that loads it; a
  /// model that is missing is looked for again by the next call.
  private func loaded() async throws(ProviderFailure) -> Encoder {
    let result = await withCheckedContinuation { continuation in
      startThread(name: "minilm-load") { [self] in continuation.resume(returning: load()) }
    }
    do throws(ModelError) {
      return try result.get()
    } catch {
      throw ProviderFailure(.unavailable(retryAfter: .seconds(60)), provider: model, error.description)
    }
  }

  private func load() -> Result<Encoder, ModelError> {
    encoder.withLock { encoder in
      Result { () throws(ModelError) in
        if let encoder { return encoder }
        let loaded = try Encoder.load(folder, threads: threads)
        encoder = loaded
        return loaded
      }
    }
  }
}

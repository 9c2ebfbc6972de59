import Providers
import Synchronization

/// An embedding provider that remembers what it was asked, and fails when it is told to.
final class FakeEmbedding: EmbeddingProvider {
  let model = "all-MiniLM-L6-v2"
  let dimension = 384
  /// Answers given before it fails once; nil for never.
  private let answersBeforeFailure: Int?
  private let failure: ProviderFailure
  private let isShort: Bool
  private let asked = Mutex([[String]]())

  init(
    failingAfter answers: Int? = nil, with failure: ProviderFailure.Consequence = .transient(), isShort: Bool = false
  ) {
    answersBeforeFailure = answers
    self.failure = ProviderFailure(failure, provider: "fake", "as the test wants it")
    self.isShort = isShort
  }

  /// The texts of each request, in order.
  var requests: [[String]] { asked.withLock { $0 } }

  func embed(_ texts: [String]) async throws(ProviderFailure) -> [[Float]] {
    let count = asked.withLock { asked in
      asked.append(texts)
      return asked.count
    }
    if count - 1 == answersBeforeFailure { throw failure }
    return texts.dropFirst(isShort ? 1 : 0).map { text in
      var vector = [Float](repeating: 0, count: dimension)
      vector[Int(text.utf8.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) } % 384)] = 1
      return vector
    }
  }
}

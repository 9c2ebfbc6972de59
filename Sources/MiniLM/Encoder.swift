/// Turns sentences and short passages into vectors whose closeness is closeness of meaning: all-MiniLM-L6-v2, as
/// sentence-transformers runs it.
///
/// The weights are mapped read-only: processes on one machine share them, and loading copies none. Work is spread over
/// threads by batches, each batch on one thread, so OpenBLAS itself is set to one thread for the whole process.
package final class Encoder: Sendable {
  /// The length of a vector.
  package static let dimension = 384
  /// Of longer texts only this many tokens count, `[CLS]` and `[SEP]` included.
  package static let maximumTokens = 256

  /// How the model's own tokenizer cuts text.
  package let tokenizer: WordPieceTokenizer
  /// The most threads that an asynchronous call works on.
  package let threads: Int

  private let weights: Weights

  private init(tokenizer: WordPieceTokenizer, weights: Weights, threads: Int) {
    Kernels.prepared
    self.tokenizer = tokenizer
    self.weights = weights
    self.threads = threads
  }

  /// Opens the model in `folder`: `model.safetensors` and `vocab.txt`, as scripts/fetch-model lays them out.
  ///
  /// - Parameter threads: the most threads that an asynchronous call works on, 1 or more.
  /// - Throws: which file is missing or what is wrong with it.
  package static func load(_ folder: String, threads: Int = 1) throws(ModelError) -> Encoder {
    precondition(threads >= 1, "an encoder needs at least one thread")
    let tokenizer = try WordPieceTokenizer(vocabularyPath: "\(folder)/vocab.txt")
    let file = try SafeTensors(path: "\(folder)/model.safetensors")
    let weights = try Weights(file, vocabularySize: tokenizer.vocabularySize)
    return Encoder(tokenizer: tokenizer, weights: weights, threads: threads)
  }

  /// The unit vectors of the texts, in their order, worked out on the calling thread.
  @available(*, noasync, message: "it would hold a thread of the cooperative pool: await encode(_:)")
  package func encodeBlocking(_ texts: [String]) -> [[Float]] {
    let job = EncodingJob(texts, tokenizer: tokenizer)
    work(on: job)
    return job.vectors
  }

  /// Takes batches from the job until none is left.
  func work(on job: EncodingJob) {
    let pass = ForwardPass(weights: weights)
    while let batch = job.next() { job.finish(batch, vectors: pass.vectors(of: batch)) }
  }
}

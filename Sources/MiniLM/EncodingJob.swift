internal import Synchronization

/// The batches of one call, handed to the threads that ask, and the vectors that came back.
final class EncodingJob: Sendable {
  private struct State {
    var waiting: ArraySlice<Batch>
    var vectors: [[Float]]
  }

  /// How many batches the job began with.
  let batchCount: Int
  private let state: Mutex<State>

  init(_ texts: [String], tokenizer: WordPieceTokenizer) {
    let sequences = texts.enumerated().map { place, text in
      Batch.Sequence(place: place, tokens: tokenizer.tokens(of: text, limit: Encoder.maximumTokens))
    }
    let batches = Batch.pack(sequences)
    batchCount = batches.count
    state = Mutex(State(waiting: batches[...], vectors: Array(repeating: [], count: texts.count)))
  }

  /// The vectors in the order of the texts; complete when every batch is finished.
  var vectors: [[Float]] { state.withLock { $0.vectors } }

  /// The next batch that nobody has taken.
  func next() -> Batch? { state.withLock { $0.waiting.popFirst() } }

  /// Keeps what a batch gave.
  func finish(_ batch: Batch, vectors: [[Float]]) {
    state.withLock { state in
      for (sequence, vector) in zip(batch.sequences, vectors) { state.vectors[sequence.place] = vector }
    }
  }

  /// Drops the batches that nobody has taken.
  func cancel() { state.withLock { $0.waiting = [] } }
}

/// The room for one forward pass, used again for each batch of a call by the one thread that owns it.
///
/// Pages that short batches never touch cost nothing.
struct Workspace: ~Copyable {
  /// One row of `Encoder.dimension` for each token.
  let states: UnsafeMutablePointer<Float>
  let queries: UnsafeMutablePointer<Float>
  let keys: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
  let context: UnsafeMutablePointer<Float>
  /// One row of `Layer.intermediateWidth` for each token.
  let intermediate: UnsafeMutablePointer<Float>
  /// What each token of one sequence makes of each other, for one head.
  let scores: UnsafeMutablePointer<Float>

  init() {
    let rows = Batch.maximumTokens * Encoder.dimension
    states = .allocate(capacity: rows)
    queries = .allocate(capacity: rows)
    keys = .allocate(capacity: rows)
    values = .allocate(capacity: rows)
    context = .allocate(capacity: rows)
    intermediate = .allocate(capacity: Batch.maximumTokens * Layer.intermediateWidth)
    scores = .allocate(capacity: Encoder.maximumTokens * Encoder.maximumTokens)
  }

  deinit {
    for buffer in [states, queries, keys, values, context, intermediate, scores] { buffer.deallocate() }
  }
}

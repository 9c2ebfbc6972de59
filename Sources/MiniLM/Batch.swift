/// Sequences that go through the model together, one behind the other, without padding.
struct Batch: Sendable {
  /// The most tokens of all sequences of a batch. Larger ones were measured to be no faster, and need more memory.
  static let maximumTokens = 512

  /// A text's token ids and its place in the call.
  struct Sequence: Sendable {
    let place: Int
    let tokens: [Int32]
  }

  private(set) var sequences: [Sequence] = []
  private(set) var tokenCount = 0

  /// Packs sequences (of at most `Encoder.maximumTokens` each) into batches, the long ones first, so that threads which
  /// share the batches end at about the same time.
  static func pack(_ sequences: [Sequence]) -> [Batch] {
    var batches: [Batch] = []
    var batch = Batch()
    for sequence in sequences.sorted(by: { $0.tokens.count > $1.tokens.count }) {
      if batch.tokenCount + sequence.tokens.count > maximumTokens {
        batches.append(batch)
        batch = Batch()
      }
      batch.sequences.append(sequence)
      batch.tokenCount += sequence.tokens.count
    }
    if !batch.sequences.isEmpty { batches.append(batch) }
    return batches
  }
}

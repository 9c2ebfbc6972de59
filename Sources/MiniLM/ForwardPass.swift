internal import CBLAS

/// One trip of a batch through the model.
struct ForwardPass: ~Copyable {
  private let weights: Weights
  private let workspace = Workspace()

  private static let heads = 12
  private static let headWidth = Encoder.dimension / heads

  init(weights: Weights) {
    self.weights = weights
  }

  /// The unit vectors of the sequences, in their order.
  func vectors(of batch: Batch) -> [[Float]] {
    embed(batch)
    for layer in weights.layers {
      attend(layer, batch)
      feedForward(layer, rows: batch.tokenCount)
    }
    var vectors: [[Float]] = []
    var row = 0
    for sequence in batch.sequences {
      vectors.append(pool(rows: row..<row + sequence.tokens.count))
      row += sequence.tokens.count
    }
    return vectors
  }
}

extension ForwardPass {
  private static func row(_ index: Int) -> Int { index * Encoder.dimension }

  /// The sum of each token's word, position and segment rows, normalised.
  private func embed(_ batch: Batch) {
    var state = workspace.states
    let segment = weights.segments.start
    for sequence in batch.sequences {
      for (position, token) in sequence.tokens.enumerated() {
        let word = weights.words.start + Self.row(Int(token))
        let place = weights.positions.start + Self.row(position)
        for index in stride(from: 0, to: Encoder.dimension, by: Lanes.scalarCount) {
          state.store(word.lanes(index) + place.lanes(index) + segment.lanes(index), index)
        }
        Activations.normalize(state, by: weights.norm)
        state += Encoder.dimension
      }
    }
  }

  /// Each token takes from the others of its sequence what concerns it.
  private func attend(_ layer: Layer, _ batch: Batch) {
    let rows = batch.tokenCount
    project(workspace.states, rows: rows, by: layer.query, into: workspace.queries)
    project(workspace.states, rows: rows, by: layer.key, into: workspace.keys)
    project(workspace.states, rows: rows, by: layer.value, into: workspace.values)
    var first = 0
    for sequence in batch.sequences {
      for head in 0..<Self.heads { attend(head: head, first: first, count: sequence.tokens.count) }
      first += sequence.tokens.count
    }
    add(workspace.context, rows: rows, by: layer.attentionOutput, norm: layer.attentionNorm)
  }

  private func attend(head: Int, first: Int, count: Int) {
    let start = Self.row(first) + head * Self.headWidth
    let (width, headWidth) = (Int32(Encoder.dimension), Int32(Self.headWidth))
    let scoreWidth = Activations.roundedUp(count)
    let scores = workspace.scores
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(count), headWidth,
      1 / Float(Self.headWidth).squareRoot(), workspace.queries + start, width, workspace.keys + start, width,
      0, scores, Int32(scoreWidth))
    for row in 0..<count { Activations.softmax(scores + row * scoreWidth, count: count) }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), headWidth, Int32(count),
      1, scores, Int32(scoreWidth), workspace.values + start, width, 0, workspace.context + start, width)
  }

  private func feedForward(_ layer: Layer, rows: Int) {
    project(workspace.states, rows: rows, by: layer.intermediate, into: workspace.intermediate)
    Activations.gelu(workspace.intermediate, count: rows * Layer.intermediateWidth)
    add(workspace.intermediate, rows: rows, by: layer.output, norm: layer.outputNorm)
  }

  /// `output` = `input` · weightᵀ + bias.
  private func project(
    _ input: UnsafeMutablePointer<Float>, rows: Int, by linear: Linear, into output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows { (output + row * linear.outputs).update(from: linear.bias.start, count: linear.outputs) }
    accumulate(input, rows: rows, by: linear, into: output)
  }

  /// states = norm(states + `input` · weightᵀ + bias).
  private func add(_ input: UnsafeMutablePointer<Float>, rows: Int, by linear: Linear, norm: LayerNorm) {
    let states = workspace.states
    for row in 0..<rows {
      let state = states + Self.row(row)
      for index in stride(from: 0, to: Encoder.dimension, by: Lanes.scalarCount) {
        state.store(state.lanes(index) + linear.bias.start.lanes(index), index)
      }
    }
    accumulate(input, rows: rows, by: linear, into: states)
    for row in 0..<rows { Activations.normalize(states + Self.row(row), by: norm) }
  }

  /// `output` += `input` · weightᵀ.
  private func accumulate(
    _ input: UnsafeMutablePointer<Float>, rows: Int, by linear: Linear, into output: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (Int32(linear.inputs), Int32(linear.outputs))
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), outputs, inputs,
      1, input, inputs, linear.weight.start, inputs, 1, output, outputs)
  }

  /// The mean of the rows, scaled to length 1.
  private func pool(rows: Range<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: Encoder.dimension)
    for row in rows {
      let state = workspace.states + Self.row(row)
      for index in sum.indices { sum[index] += state[index] }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }
}

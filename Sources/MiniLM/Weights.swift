/// What all-MiniLM-L6-v2 has learnt: the tensors of its safetensors file, each of the shape that the model's
/// architecture asks for.
struct Weights: Sendable {
  /// One row for each piece of the vocabulary, each position, each kind of segment.
  let words: Tensor
  let positions: Tensor
  let segments: Tensor
  let norm: LayerNorm
  let layers: [Layer]

  private static let positionCount = 512
  private static let segmentCount = 2
  private static let layerCount = 6

  /// - Throws: `malformed` if a tensor is missing or has another shape.
  init(_ file: SafeTensors, vocabularySize: Int) throws(ModelError) {
    words = try file.tensor("embeddings.word_embeddings.weight", shape: [vocabularySize, Encoder.dimension])
    positions = try file.tensor(
      "embeddings.position_embeddings.weight", shape: [Self.positionCount, Encoder.dimension])
    segments = try file.tensor(
      "embeddings.token_type_embeddings.weight", shape: [Self.segmentCount, Encoder.dimension])
    norm = try LayerNorm(file, "embeddings.LayerNorm")
    var layers: [Layer] = []
    for index in 0..<Self.layerCount { layers.append(try Layer(file, "encoder.layer.\(index)")) }
    self.layers = layers
  }
}

/// One transformer layer.
struct Layer: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let attentionOutput: Linear
  let attentionNorm: LayerNorm
  let intermediate: Linear
  let output: Linear
  let outputNorm: LayerNorm

  /// The width between the two halves of the feed-forward part.
  static let intermediateWidth = 1536

  init(_ file: SafeTensors, _ name: String) throws(ModelError) {
    let (width, inner) = (Encoder.dimension, Self.intermediateWidth)
    query = try Linear(file, "\(name).attention.self.query", inputs: width, outputs: width)
    key = try Linear(file, "\(name).attention.self.key", inputs: width, outputs: width)
    value = try Linear(file, "\(name).attention.self.value", inputs: width, outputs: width)
    attentionOutput = try Linear(file, "\(name).attention.output.dense", inputs: width, outputs: width)
    attentionNorm = try LayerNorm(file, "\(name).attention.output.LayerNorm")
    intermediate = try Linear(file, "\(name).intermediate.dense", inputs: width, outputs: inner)
    output = try Linear(file, "\(name).output.dense", inputs: inner, outputs: width)
    outputNorm = try LayerNorm(file, "\(name).output.LayerNorm")
  }
}

/// A matrix with a row for each output, and what is added to the outputs.
struct Linear: Sendable {
  let weight: Tensor
  let bias: Tensor
  let inputs: Int
  let outputs: Int

  init(_ file: SafeTensors, _ name: String, inputs: Int, outputs: Int) throws(ModelError) {
    weight = try file.tensor("\(name).weight", shape: [outputs, inputs])
    bias = try file.tensor("\(name).bias", shape: [outputs])
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// How a normalised row is scaled and shifted.
struct LayerNorm: Sendable {
  let gain: Tensor
  let bias: Tensor

  init(_ file: SafeTensors, _ name: String) throws(ModelError) {
    gain = try file.tensor("\(name).weight", shape: [Encoder.dimension])
    bias = try file.tensor("\(name).bias", shape: [Encoder.dimension])
  }
}

/// What a transformer does to rows of floats between its matrix products; all in place.
///
/// Row lengths are multiples of eight (`Lanes`).
enum Activations {
  /// x · Φ(x), with the exact Gaussian distribution function, of each element.
  static func gelu(_ values: UnsafeMutablePointer<Float>, count: Int) {
    for index in stride(from: 0, to: count, by: Lanes.scalarCount) {
      let x = values.lanes(index)
      values.store(x * 0.5 * (Lanes.errorFunction(x * 0.707_106_77) + 1), index)
    }
  }

  /// Replaces the first `count` elements of the row by their softmax. The rest up to the next multiple of eight is
  /// scratch space.
  static func softmax(_ row: UnsafeMutablePointer<Float>, count: Int) {
    let width = roundedUp(count)
    for index in count..<width { row[index] = -.greatestFiniteMagnitude }
    var highest = row.lanes(0)
    for index in stride(from: Lanes.scalarCount, to: width, by: Lanes.scalarCount) {
      highest = highest.atLeast(row.lanes(index))
    }
    let peak = highest.max()
    var sums = Lanes.zero
    for index in stride(from: 0, to: width, by: Lanes.scalarCount) {
      let power = Lanes.exponential(row.lanes(index) - peak)
      sums += power
      row.store(power, index)
    }
    // What the scratch elements add is below 1e-37.
    let scale = 1 / sums.sum()
    for index in stride(from: 0, to: width, by: Lanes.scalarCount) { row.store(row.lanes(index) * scale, index) }
  }

  /// Shifts and scales the row to mean 0 and variance 1, then by what the model has learnt.
  static func normalize(_ row: UnsafeMutablePointer<Float>, by norm: LayerNorm) {
    let width = Encoder.dimension
    var sums = Lanes.zero
    for index in stride(from: 0, to: width, by: Lanes.scalarCount) { sums += row.lanes(index) }
    let mean = sums.sum() / Float(width)
    var squares = Lanes.zero
    for index in stride(from: 0, to: width, by: Lanes.scalarCount) {
      let distance = row.lanes(index) - mean
      squares += distance * distance
    }
    let scale = 1 / (squares.sum() / Float(width) + 1e-12).squareRoot()
    let (gain, bias) = (norm.gain.start, norm.bias.start)
    for index in stride(from: 0, to: width, by: Lanes.scalarCount) {
      row.store((row.lanes(index) - mean) * scale * gain.lanes(index) + bias.lanes(index), index)
    }
  }

  /// The next multiple of eight.
  static func roundedUp(_ count: Int) -> Int { (count + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount }
}

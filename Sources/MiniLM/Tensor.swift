/// 32-bit floats inside a mapped file, row after row.
struct Tensor: Sendable {
  /// Keeps `start` valid.
  private let file: MappedFile
  // Proof: points into the read-only memory of `file`, which lives as long as this value.
  nonisolated(unsafe) let start: UnsafePointer<Float>
  let shape: [Int]

  /// `range` must lie inside the file, be aligned for floats and hold as many as the shape says.
  init(file: MappedFile, range: Range<Int>, shape: [Int]) {
    let floats = UnsafeRawBufferPointer(rebasing: file.bytes[range]).assumingMemoryBound(to: Float.self)
    // Proof: SafeTensors.tensor refuses empty shapes, so the range has a first element.
    start = floats.baseAddress!
    self.file = file
    self.shape = shape
  }
}

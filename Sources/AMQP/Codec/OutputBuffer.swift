/// Bytes that wait to be sent, in order.
struct OutputBuffer {
  private static let initialCapacity = 1 << 18

  private var storage = [UInt8](repeating: 0, count: initialCapacity)
  private var start = 0
  private(set) var end = 0

  var count: Int { end - start }

  /// Appends what `body` writes to a room of `capacity` bytes; it returns how many it wrote, or nil for none.
  ///
  /// - Returns: whether it wrote.
  mutating func append(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
    makeRoom(capacity)
    let end = end
    let written = storage.withUnsafeMutableBytes { bytes in
      body(UnsafeMutableRawBufferPointer(rebasing: bytes[end..<end + capacity]))
    }
    guard let written else { return false }
    self.end += written
    return true
  }

  /// Takes back what was appended since ``count`` was `count`.
  mutating func truncate(toCount count: Int) { end = start + count }

  /// Offers the bytes to `send`, which returns how many it took.
  mutating func drain<E>(_ send: (UnsafeRawBufferPointer) throws(E) -> Int) throws(E) {
    let taken = try storage[start..<end].withUnsafeBufferPointer { (bytes) throws(E) in
      try send(UnsafeRawBufferPointer(bytes))
    }
    start += taken
    guard start == end else { return }
    (start, end) = (0, 0)
    // A large message is no reason to keep its memory.
    if storage.count > 4 * Self.initialCapacity { storage = [UInt8](repeating: 0, count: Self.initialCapacity) }
  }

  private mutating func makeRoom(_ capacity: Int) {
    guard storage.count - end < capacity else { return }
    storage.withUnsafeMutableBytes { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
    (start, end) = (0, end - start)
    guard storage.count - end < capacity else { return }
    storage.append(contentsOf: repeatElement(0, count: max(end + capacity - storage.count, storage.count)))
  }
}

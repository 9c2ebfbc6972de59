/// Cuts what comes from a socket into frames and decodes them.
struct FrameReader: ~Copyable {
  private static let capacity = 1 << 18

  private var storage = [UInt8](repeating: 0, count: capacity)
  private var start = 0
  private var end = 0
  private var arena = Arena()
  /// The largest frame that is taken, in bytes; at most half of the buffer.
  var frameMax = 1 << 17

  /// Reads once: `receive` fills the room that it is given and returns how many bytes came.
  mutating func fill<E>(_ receive: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) {
    if start > 0 {
      storage.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
      (start, end) = (0, end - start)
    }
    let filled = end
    end += try storage.withUnsafeMutableBufferPointer { (bytes) throws(E) in
      try receive(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[filled...]))
    }
  }

  /// The next whole frame, or nil until more has come.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)``; the stream cannot be read any further then.
  mutating func next() throws(AMQPError) -> Frame? {
    guard end - start >= FrameLayout.overhead else { return nil }
    guard storage[start] != UInt8(ascii: "A") else {
      throw .protocolViolation("the peer answers with another version of the protocol")
    }
    let (type, channel, size) = storage.withUnsafeBytes { bytes in
      (
        bytes[start], UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 1, as: UInt16.self)),
        Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 3, as: UInt32.self)))
      )
    }
    guard size <= frameMax - FrameLayout.overhead else {
      throw .protocolViolation("a frame of \(size) bytes, when \(frameMax) is the limit")
    }
    guard end - start >= size + FrameLayout.overhead else { return nil }
    guard storage[start + FrameLayout.head + size] == FrameLayout.endMark else {
      throw .protocolViolation("a frame without its end mark")
    }
    let from = start + FrameLayout.head
    start = from + size + 1
    return Frame(channel: channel, payload: try decode(type, from..<from + size))
  }

  private mutating func decode(_ type: UInt8, _ range: Range<Int>) throws(AMQPError) -> Frame.Payload {
    defer { arena.recycle() }
    switch type {
    case FrameLayout.methodType:
      return .method(
        try storage[range].withUnsafeBufferPointer { (bytes) throws(AMQPError) in
          try ServerMethod(payload: UnsafeRawBufferPointer(bytes), arena: &arena)
        })
    case FrameLayout.headerType:
      let (properties, bodySize) = try storage[range].withUnsafeBufferPointer { (bytes) throws(AMQPError) in
        try MessageProperties.decode(payload: UnsafeRawBufferPointer(bytes), arena: &arena)
      }
      return .header(properties, bodySize: bodySize)
    case FrameLayout.bodyType:
      return .body(Array(storage[range]))
    case FrameLayout.heartbeatType:
      return .heartbeat
    default:
      throw .protocolViolation("a frame of type \(type)")
    }
  }
}

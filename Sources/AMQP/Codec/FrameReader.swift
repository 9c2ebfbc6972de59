/// Cuts what comes from a socket into frames and decodes them.
struct FrameReader: ~Copyable {
  private static let capacity = 1 << 18

  /// Owned; freed in `deinit`.
  private let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
  private var start = 0
  private var end = 0
  private var arena = Arena()
  private var route = Route(exchange: "", routingKey: "")
  /// The largest frame that is taken, in bytes; at most half of the buffer.
  var frameMax = 1 << 17

  deinit { storage.deallocate() }

  /// Reads once: `receive` fills the room that it is given and returns how many bytes came.
  mutating func fill<E>(_ receive: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) {
    if start > 0 {
      storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<end]))
      (start, end) = (0, end - start)
    }
    end += try receive(UnsafeMutableRawBufferPointer(rebasing: storage[end...]))
  }

  /// The next whole frame, or nil until more has come.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)``; the stream cannot be read any further then.
  mutating func next() throws(AMQPError) -> Frame? {
    let bytes = UnsafeRawBufferPointer(rebasing: storage[start..<end])
    guard bytes.count >= FrameLayout.overhead else { return nil }
    guard bytes[0] != UInt8(ascii: "A") else {
      throw .protocolViolation("the peer answers with another version of the protocol")
    }
    let channel = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
    let size = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 3, as: UInt32.self)))
    guard size <= frameMax - FrameLayout.overhead else {
      throw .protocolViolation("a frame of \(size) bytes, when \(frameMax) is the limit")
    }
    guard bytes.count >= size + FrameLayout.overhead else { return nil }
    guard bytes[FrameLayout.head + size] == FrameLayout.endMark else {
      throw .protocolViolation("a frame without its end mark")
    }
    start += size + FrameLayout.overhead
    let payload = UnsafeRawBufferPointer(rebasing: bytes[FrameLayout.head..<FrameLayout.head + size])
    return Frame(channel: channel, payload: try decode(bytes[0], payload))
  }

  private mutating func decode(_ type: UInt8, _ payload: UnsafeRawBufferPointer) throws(AMQPError) -> Frame.Payload {
    switch type {
    case FrameLayout.methodType:
      defer { arena.recycle() }
      return .method(try ServerMethod(payload: payload, arena: &arena, route: &route))
    case FrameLayout.headerType:
      defer { arena.recycle() }
      let (properties, bodySize) = try EncodedProperties.decode(payload: payload, arena: &arena)
      return .header(properties, bodySize: bodySize)
    case FrameLayout.bodyType:
      return .body(Array(payload))
    case FrameLayout.heartbeatType:
      return .heartbeat
    default:
      throw .protocolViolation("a frame of type \(type)")
    }
  }
}

/// Encodes frames into a buffer.
struct FrameWriter: ~Copyable {
  private(set) var output = OutputBuffer()
  private var arena = Arena()
  /// The largest frame that the broker takes, in bytes.
  var frameMax = 4096

  /// Bytes that wait to be sent.
  var pending: Int { output.count }

  mutating func writeProtocolHeader() {
    write(bytes: Array("AMQP".utf8) + [0, 0, 9, 1])
  }

  mutating func writeHeartbeat() {
    write(bytes: [FrameLayout.heartbeatType, 0, 0, 0, 0, 0, 0, FrameLayout.endMark])
  }

  /// - Throws: ``AMQPError/invalidArgument(_:)`` if a name is over 255 bytes or the arguments are over a frame; then
  ///   nothing was written.
  mutating func write(_ method: ClientMethod, channel: UInt16) throws(AMQPError) {
    let written = writeFrame(FrameLayout.methodType, channel) { room, arena in
      method.encode(into: room, arena: &arena)
    }
    guard written else {
      throw .invalidArgument("a name is longer than 255 bytes, or the arguments are longer than \(frameMax)")
    }
  }

  /// - Throws: ``AMQPError/invalidArgument(_:)`` if a text is over 255 bytes or the headers are over a frame; then
  ///   nothing was written.
  mutating func write(_ message: OutgoingMessage, channel: UInt16) throws(AMQPError) {
    let before = output.count
    let method = ClientMethod.basicPublish(
      exchange: message.exchange, routingKey: message.routingKey, isMandatory: message.isMandatory)
    try write(method, channel: channel)
    let written = writeFrame(FrameLayout.headerType, channel) { room, arena in
      message.properties.encode(bodySize: message.body.count, into: room, arena: &arena)
    }
    guard written else {
      output.truncate(toCount: before)
      throw .invalidArgument(
        "a property of a message to '\(message.routingKey)' is longer than 255 bytes, or its headers than \(frameMax)")
    }
    var rest = message.body[...]
    while !rest.isEmpty {
      let piece = rest.prefix(frameMax - FrameLayout.overhead)
      _ = writeFrame(FrameLayout.bodyType, channel) { room, _ in
        piece.withUnsafeBytes { room.copyMemory(from: $0) }
        return piece.count
      }
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Offers what waits to `send`, which returns how many bytes it took.
  mutating func drain<E>(_ send: (UnsafeRawBufferPointer) throws(E) -> Int) throws(E) { try output.drain(send) }

  private mutating func writeFrame(
    _ type: UInt8, _ channel: UInt16, payload: (UnsafeMutableRawBufferPointer, inout Arena) -> Int?
  ) -> Bool {
    defer { arena.recycle() }
    return output.append(atMost: frameMax) { room in
      let inside = UnsafeMutableRawBufferPointer(rebasing: room[FrameLayout.head..<room.count - 1])
      guard let size = payload(inside, &arena) else { return nil }
      room[0] = type
      room.storeBytes(of: channel.bigEndian, toByteOffset: 1, as: UInt16.self)
      room.storeBytes(of: UInt32(size).bigEndian, toByteOffset: 3, as: UInt32.self)
      room[FrameLayout.head + size] = FrameLayout.endMark
      return FrameLayout.overhead + size
    }
  }

  private mutating func write(bytes: [UInt8]) {
    _ = output.append(atMost: bytes.count) { room in
      room.copyBytes(from: bytes)
      return bytes.count
    }
  }
}

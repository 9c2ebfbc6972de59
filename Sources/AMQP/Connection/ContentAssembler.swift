/// Puts the frames of a message together: a method that announces it, a header, and bodies until its size is reached.
struct ContentAssembler {
  /// The method that announced the content.
  enum Announcement {
    case delivery(Envelope)
    case got(Envelope, remaining: Int)
    case returned(code: UInt16, text: String, exchange: String, routingKey: String)
  }

  struct Content {
    let announcement: Announcement
    let properties: MessageProperties
    var body: [UInt8]
  }

  private enum State {
    case idle
    case announced(Announcement)
    case receiving(Content, size: Int)
  }

  private var state = State.idle

  mutating func begin(_ announcement: Announcement) throws(AMQPError) {
    guard case .idle = state else { throw .protocolViolation("a message began inside another") }
    state = .announced(announcement)
  }

  /// - Returns: the content, if it has no body.
  mutating func receive(
    _ properties: MessageProperties, bodySize: UInt64, limit: Int
  ) throws(AMQPError) -> Content? {
    guard case .announced(let announcement) = state else {
      throw .protocolViolation("a header frame that no method announced")
    }
    guard bodySize <= UInt64(limit) else {
      throw .protocolViolation("a message of \(bodySize) bytes, when \(limit) is the limit")
    }
    let content = Content(announcement: announcement, properties: properties, body: [])
    state = bodySize == 0 ? .idle : .receiving(content, size: Int(bodySize))
    return bodySize == 0 ? content : nil
  }

  /// - Returns: the content, if this was its last piece.
  mutating func receive(body piece: [UInt8]) throws(AMQPError) -> Content? {
    guard case .receiving(var content, let size) = state, content.body.count + piece.count <= size else {
      throw .protocolViolation("a body frame beyond the size of its message")
    }
    // Give up the other reference, so that appending copies nothing.
    state = .idle
    if content.body.isEmpty {
      content.body = piece
    } else {
      content.body.append(contentsOf: piece)
    }
    if content.body.count == size { return content }
    state = .receiving(content, size: size)
    return nil
  }
}

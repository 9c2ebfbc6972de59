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
    let properties: EncodedProperties
    var body: [UInt8]
  }

  /// Set between the method and the header.
  private var announcement: Announcement?
  /// Set between the header and the last piece of the body.
  private var content: Content?
  private var size = 0

  mutating func begin(_ announcement: Announcement) throws(AMQPError) {
    guard self.announcement == nil, content == nil else { throw .protocolViolation("a message began inside another") }
    self.announcement = announcement
  }

  /// - Returns: the content, if it has no body.
  mutating func receive(
    _ properties: EncodedProperties, bodySize: UInt64, limit: Int
  ) throws(AMQPError) -> Content? {
    guard let announcement = announcement.take() else {
      throw .protocolViolation("a header frame that no method announced")
    }
    guard bodySize <= UInt64(limit) else {
      throw .protocolViolation("a message of \(bodySize) bytes, when \(limit) is the limit")
    }
    let content = Content(announcement: announcement, properties: properties, body: [])
    if bodySize == 0 { return content }
    self.content = content
    size = Int(bodySize)
    return nil
  }

  /// - Returns: the content, if this was its last piece.
  mutating func receive(body piece: [UInt8]) throws(AMQPError) -> Content? {
    // Taken out, so that appending copies nothing.
    guard var content = content.take(), content.body.count + piece.count <= size else {
      throw .protocolViolation("a body frame beyond the size of its message")
    }
    if content.body.isEmpty {
      content.body = piece
    } else {
      content.body.append(contentsOf: piece)
    }
    if content.body.count == size { return content }
    self.content = content
    return nil
  }
}

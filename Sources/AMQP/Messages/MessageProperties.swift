/// The properties of a message that travel beside its body.
package struct MessageProperties: Sendable, Equatable {
  /// For example `application/json`; at most 255 bytes of UTF-8, like all texts here.
  package var contentType: String?
  /// The broker keeps the message over a restart (in durable queues).
  package var isPersistent: Bool
  package var messageID: String?
  /// The application's name for the kind of message.
  package var type: String?
  /// Seconds since 1970.
  package var timestamp: UInt64?
  package var headers: FieldTable

  package init(
    contentType: String? = nil, isPersistent: Bool = true, messageID: String? = nil, type: String? = nil,
    timestamp: UInt64? = nil, headers: FieldTable = [:]
  ) {
    self.contentType = contentType
    self.isPersistent = isPersistent
    self.messageID = messageID
    self.type = type
    self.timestamp = timestamp
    self.headers = headers
  }
}

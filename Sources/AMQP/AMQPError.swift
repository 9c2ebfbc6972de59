/// Why an operation on a broker failed.
package enum AMQPError: Error, Sendable, Equatable {
  /// The URL cannot be used; the text says why, without the password.
  case invalidURL(String)
  /// A value cannot be sent: a name over 255 bytes, headers over a frame.
  case invalidArgument(String)
  /// No address for the host, nobody at the port, or no route to it.
  case connectionRefused(host: String, port: UInt16, reason: String)
  /// The encryption could not be agreed on, or the certificate is not trusted.
  case tls(String)
  /// The broker does not know the user or the password.
  case authentication(user: String, text: String)
  /// The virtual host does not exist, or the user may not use it.
  case vhost(String, text: String)
  /// The connection broke, or the broker was silent for two heartbeats.
  case connectionLost(String)
  /// The broker closed the connection.
  case connectionClosed(code: UInt16, text: String)
  /// The broker closed the channel; the connection lives on.
  case channelClosed(code: UInt16, text: String)
  /// A queue or an exchange exists with another value of `argument`.
  case preconditionFailed(kind: String, name: String, argument: String, text: String)
  /// The broker ended the consumer: its queue was deleted or moved.
  case consumerCancelled(queue: String)
  /// No answer within the deadline of what is named.
  case timeout(String)
  /// The broker takes no messages at present (memory or disk alarm), and still did not at the deadline.
  case blocked(String)
  /// The peer sent what AMQP 0-9-1 does not allow.
  case protocolViolation(String)
  /// The connection or the channel was closed on this side.
  case closed

  /// Whether the same operation may succeed later, on a new connection if need be, without anybody changing anything.
  package var isRetryable: Bool {
    switch self {
    case .connectionRefused, .connectionLost, .consumerCancelled, .timeout, .blocked, .closed: true
    case .connectionClosed(let code, _): code == 320 || code == 541
    case .channelClosed(let code, _): code == 405 || code == 406 || code == 541
    case .invalidURL, .invalidArgument, .tls, .authentication, .vhost, .preconditionFailed, .protocolViolation: false
    }
  }
}

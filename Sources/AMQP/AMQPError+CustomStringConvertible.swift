extension AMQPError: CustomStringConvertible {
  /// What happened, and what to do.
  package var description: String {
    switch self {
    case .invalidURL(let reason):
      "the AMQP URL cannot be used: \(reason). Expected amqp://user:password@host:port/vhost"
    case .invalidArgument(let reason):
      "the broker would not take this: \(reason)"
    case .connectionRefused(let host, let port, let reason):
      "no broker answers at \(host):\(port) (\(reason)). Check the address, and that the broker runs"
    case .tls(let reason):
      "no encrypted connection to the broker: \(reason). Check the certificate's name and date, and cacertfile"
    case .authentication(let user, let text):
      "the broker refused the user '\(user)' or the password (\(text)). Check both; 'guest' works from the broker's"
        + " own host only"
    case .vhost(let name, let text):
      "the broker does not open the virtual host '\(name)' (\(text)). Create it, or permit the user to use it"
    case .connectionLost(let reason):
      "the connection to the broker was lost: \(reason). Connect again; what was not confirmed may have arrived"
    case .connectionClosed(let code, let text):
      "the broker closed the connection: \(code) \(text). Connect again if it was stopped; else see the broker's log"
    case .channelClosed(let code, let text):
      "the broker closed the channel: \(code) \(text)"
    case .preconditionFailed(let kind, let name, let argument, let text):
      "the \(kind) '\(name)' exists with another value of '\(argument)' (\(text)). Delete it, or use another name"
    case .consumerCancelled(let queue):
      "the broker ended the consumer of '\(queue)': the queue was deleted or lost its leader. Declare, consume again"
    case .timeout(let what):
      "no answer in time: \(what). The broker is overloaded or unreachable; see its log, then try again"
    case .blocked(let reason):
      "the broker takes no messages at present (\(reason)). Free memory or disk on its host"
    case .protocolViolation(let what):
      "the peer does not speak AMQP 0-9-1 as expected: \(what). Check that the port is a RabbitMQ broker's"
    case .closed:
      "the connection or channel was closed on this side. Open a new one"
    }
  }
}

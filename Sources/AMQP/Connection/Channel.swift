/// A channel of a connection; touched by its connection alone.
final class Channel {
  /// Names a channel for ever, where numbers are used again.
  struct ID: Hashable {
    let number: UInt16
    let serial: UInt64
  }

  /// What the channel is for; it decides who gets what comes on it.
  enum Role {
    /// One call after another.
    case calls
    case publishing
    case consuming(ConsumerState)
    case pulling
  }

  /// The answer to a call.
  enum Reply {
    case method(ServerMethod)
    case message(AMQPDelivery, remaining: Int)
  }

  /// Who waits for the answer.
  struct Waiter {
    let continuation: CheckedContinuation<Result<Reply, AMQPError>, Never>
    let deadline: Deadlines.ID
  }

  let id: ID
  let role: Role
  var waiter: Waiter?
  var content = ContentAssembler()
  var acks = AckCoalescer()
  /// It was closed from this side: everything is ignored until the broker says that it knows.
  var isClosing = false

  init(id: ID, role: Role) {
    self.id = id
    self.role = role
  }
}

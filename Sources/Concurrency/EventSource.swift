/// A file descriptor that an ``EventLoop`` watches, and what to do with it.
///
/// Every method runs on the loop's thread.
package protocol EventSource: AnyObject {
  /// The descriptor to poll. It must stay open until the source is removed from its loop.
  var fileDescriptor: Int32 { get }

  /// Called once before each poll: send what is buffered, without blocking.
  ///
  /// - Returns: what to wait for.
  func prepareToPoll() -> EventInterest

  /// Called after a poll in which the descriptor had events, or at once if ``EventInterest/immediate`` was asked for.
  func handleEvents(_ events: EventSet)
}

/// What a source waits for in the next poll.
package struct EventInterest: Sendable, Equatable {
  /// The events to poll for.
  package var events: EventSet
  /// There is input that was read already but not handled: do not sleep.
  package var isImmediate: Bool
  /// The longest time until the source wants to be handled again without any event, in milliseconds.
  package var timeoutMilliseconds: Int32?

  package init(events: EventSet, isImmediate: Bool = false, timeoutMilliseconds: Int32? = nil) {
    self.events = events
    self.isImmediate = isImmediate
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// Events of a descriptor.
package struct EventSet: OptionSet, Sendable {
  package let rawValue: Int16
  package init(rawValue: Int16) { self.rawValue = rawValue }

  package static let readable = EventSet(rawValue: 1)
  package static let writable = EventSet(rawValue: 2)
  /// The peer hung up or the descriptor failed: reading from it tells how.
  package static let failed = EventSet(rawValue: 4)
  /// Both that can be polled for.
  package static let all = EventSet(rawValue: 3)

  /// Whether reading will tell something: what came, or how the descriptor failed.
  package var saysToRead: Bool { rawValue & (Self.readable.rawValue | Self.failed.rawValue) != 0 }
}

internal import Concurrency
internal import Glibc

/// Watches a child's pidfd and its deadline. Used on the loop's thread alone.
final class ExitWatch: EventSource {
  /// Owned; closed in `deinit`.
  let fileDescriptor: Int32
  private var deadline: ContinuousClock.Instant?
  private let onExit: () -> Void
  private let onDeadline: () -> Void

  init(
    owning pidfd: Int32, deadline: ContinuousClock.Instant?, onExit: @escaping () -> Void,
    onDeadline: @escaping () -> Void
  ) {
    fileDescriptor = pidfd
    self.deadline = deadline
    self.onExit = onExit
    self.onDeadline = onDeadline
  }

  deinit { close(fileDescriptor) }

  func prepareToPoll() -> EventInterest {
    let left = deadline.map { ContinuousClock.now.duration(to: $0) }
    // Rounded up, so that the deadline has passed when the poll returns.
    let milliseconds = left.map { Int32(clamping: max(0, Int($0 / .milliseconds(1)) + 1)) }
    return EventInterest(events: .readable, timeoutMilliseconds: milliseconds)
  }

  func handleEvents(_ events: EventSet) {
    if !events.isEmpty { return onExit() }
    if let deadline, ContinuousClock.now >= deadline {
      self.deadline = nil
      onDeadline()
    }
  }
}

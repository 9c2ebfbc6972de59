internal import CEventLoop
internal import Glibc
internal import Synchronization

/// The jobs that wait for an event loop's thread, and the way to wake it.
final class JobQueue: Sendable {
  struct Entry {
    let job: UnownedJob
    /// The job belongs to a task that prefers the loop, not to an actor whose executor the loop is.
    let prefersTaskExecutor: Bool
  }

  private struct Shared {
    var entries: [Entry] = []
    var isStopped = false
  }

  /// Entries made on the loop's thread itself; they need no lock.
  private final class Local {
    var entries: [Entry] = []
  }

  let wakeDescriptor: Int32
  private let shared = Mutex(Shared())
  private let isSleeping = Atomic<Bool>(false)
  private let thread = Atomic<UInt>(0)
  // Proof: touched only where `isCurrent` was seen to be true, that is on the one thread that adopted the queue.
  nonisolated(unsafe) private let local = Local()

  init() {
    wakeDescriptor = reelmill_eventfd()
    precondition(wakeDescriptor >= 0, "no file descriptor left for an event loop (errno \(errno)); raise `ulimit -n`")
  }

  deinit { close(wakeDescriptor) }

  var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// Makes the calling thread the queue's own.
  func adoptThread() { thread.store(UInt(pthread_self()), ordering: .relaxed) }

  func enqueue(_ entry: Entry) {
    if isCurrent {
      local.entries.append(entry)
    } else {
      shared.withLock { $0.entries.append(entry) }
      wake()
    }
  }

  func stop() {
    shared.withLock { $0.isStopped = true }
    wake()
  }

  /// Moves all that waits to the end of `entries`. On the loop's thread.
  func takeAll(into entries: inout [Entry]) {
    swap(&entries, &local.entries)
    shared.withLock { shared in
      guard !shared.entries.isEmpty else { return }
      entries.append(contentsOf: shared.entries)
      shared.entries.removeAll(keepingCapacity: true)
    }
  }

  /// Whether the loop was stopped and nothing waits any more. On the loop's thread.
  var isFinished: Bool { local.entries.isEmpty && shared.withLock { $0.isStopped && $0.entries.isEmpty } }

  /// Says that the thread is about to sleep. On the loop's thread.
  ///
  /// - Returns: false if something waits, so that it must not sleep. The look comes after the announcement: whoever
  ///   enqueued before it did not wake the thread.
  func announceSleep() -> Bool {
    guard local.entries.isEmpty else { return false }
    isSleeping.store(true, ordering: .sequentiallyConsistent)
    return shared.withLock { $0.entries.isEmpty && !$0.isStopped }
  }

  func announceAwake() { isSleeping.store(false, ordering: .relaxed) }

  func drainWakeDescriptor() {
    var value: UInt64 = 0
    _ = read(wakeDescriptor, &value, 8)
  }

  private func wake() {
    guard isSleeping.exchange(false, ordering: .sequentiallyConsistent) else { return }
    var one: UInt64 = 1
    // A full counter wakes the poll as well, so a failed write is no loss.
    _ = write(wakeDescriptor, &one, 8)
  }
}

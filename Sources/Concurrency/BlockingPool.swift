internal import Glibc
internal import Synchronization

/// Threads for work that blocks, which must not run on the cooperative pool: files, libraries without an async way.
package final class BlockingPool: Sendable {
  /// Why work was not done.
  package enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The task was cancelled before the work began.
    case cancelled
    /// As much work waits as the pool was made for.
    case full(waiting: Int)

    package var description: String {
      switch self {
      case .cancelled: "the task was cancelled before its blocking work began"
      case .full(let waiting): "\(waiting) pieces of blocking work wait already; try again later"
      }
    }
  }

  private let queue: WorkQueue

  /// - Parameters:
  ///   - name: the threads' name, at most 15 bytes.
  ///   - threadCount: how much work is done at once.
  ///   - capacity: how much work may wait besides.
  package init(name: String, threadCount: Int, capacity: Int = 1024) {
    let queue = WorkQueue(capacity: capacity)
    self.queue = queue
    for _ in 0..<threadCount {
      startThread(name: name) {
        while let work = queue.next() { work() }
      }
    }
  }

  deinit { queue.stop() }

  /// Does the work on one of the pool's threads. Once begun, it is done to its end.
  ///
  /// - Throws: ``Refusal`` if it was not begun.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Refusal) -> Value {
    let ticket = Ticket<Value>()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard ticket.wait(with: continuation) else { return continuation.resume(returning: .failure(.cancelled)) }
        let isTaken = queue.add {
          guard let continuation = ticket.take() else { return }
          continuation.resume(returning: .success(work()))
        }
        if !isTaken { ticket.take()?.resume(returning: .failure(.full(waiting: queue.capacity))) }
      }
    } onCancel: {
      ticket.cancel()?.resume(returning: .failure(.cancelled))
    }
    return try result.get()
  }
}

/// Decides between the thread that begins a piece of work and the cancellation that comes before.
private final class Ticket<Value: Sendable>: Sendable {
  typealias Continuation = CheckedContinuation<Result<Value, BlockingPool.Refusal>, Never>

  private enum State {
    case new
    case waiting(Continuation)
    case cancelled
    case taken
  }

  private let state = Mutex(State.new)

  /// - Returns: false if it was cancelled before; the continuation is then the caller's still.
  func wait(with continuation: Continuation) -> Bool {
    state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
  }

  /// - Returns: the continuation, which is the caller's now; nil if someone else has it.
  func take() -> Continuation? { leaveWaiting(for: .taken) }

  /// - Returns: the continuation, which is the caller's now; nil if there is none yet or someone else has it.
  func cancel() -> Continuation? { leaveWaiting(for: .cancelled) }

  private func leaveWaiting(for next: State) -> Continuation? {
    state.withLock { state in
      defer { if case .taken = state {} else { state = next } }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
  }
}

/// A bounded queue for threads that wait.
private final class WorkQueue: Sendable {
  typealias Work = @Sendable () -> Void

  private struct Shared {
    var waiting: [Work] = []
    /// Where the next work is in `waiting`; before it are pieces that were taken.
    var head = 0
    var isStopped = false
  }

  let capacity: Int
  private let shared = Mutex(Shared())
  // Proof: a semaphore is made for any number of threads; it is freed when no thread has the queue any more.
  nonisolated(unsafe) private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(capacity: Int) {
    self.capacity = capacity
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// - Returns: false if the queue is full.
  func add(_ work: @escaping Work) -> Bool {
    let isTaken = shared.withLock { shared in
      guard shared.waiting.count - shared.head < capacity else { return false }
      shared.waiting.append(work)
      return true
    }
    if isTaken { sem_post(semaphore) }
    return isTaken
  }

  /// Waits for work; nil once the queue was stopped and nothing waits.
  func next() -> Work? {
    while true {
      while sem_wait(semaphore) != 0 {}
      let (work, isStopped) = shared.withLock { shared in
        defer { if shared.head == shared.waiting.count { (shared.waiting, shared.head) = ([], 0) } }
        guard shared.head < shared.waiting.count else { return (Work?.none, shared.isStopped) }
        let work = shared.waiting[shared.head]
        shared.head += 1
        // Under a load that never ends, the taken pieces go when they are the larger half.
        if shared.head > 64, shared.head * 2 > shared.waiting.count {
          shared.waiting.removeFirst(shared.head)
          shared.head = 0
        }
        return (work, false)
      }
      if let work { return work }
      if isStopped {
        // For the next thread.
        sem_post(semaphore)
        return nil
      }
    }
  }

  func stop() {
    shared.withLock { $0.isStopped = true }
    sem_post(semaphore)
  }
}

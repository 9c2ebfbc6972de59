internal import CEventLoop
internal import Glibc

/// One thread that polls descriptors and runs jobs between polls.
///
/// It is the serial executor of the actors that own those descriptors, so their state is touched on this thread
/// alone, and (as ``taskExecutor``) where continuations of tasks that prefer it resume, without a hop through
/// the global pool. Nothing that runs on it may block.
package final class EventLoop: SerialExecutor {
  /// State that only the loop's thread touches.
  private final class ThreadState {
    var sources: [any EventSource] = []
    var polls: [pollfd] = []
    var immediate: [Bool] = []
    var running: [JobQueue.Entry] = []
  }

  /// The same thread as a task executor: `Task(executorPreference: loop.taskExecutor)`.
  package let taskExecutor: EventLoopTaskExecutor

  private let queue = JobQueue()
  // Proof: every access is in a method that runs on the loop's thread alone (`checkIsolated()` or called by `run()`).
  nonisolated(unsafe) private let state = ThreadState()

  /// Rounds of jobs between two polls, so that a flood of jobs cannot starve I/O.
  private static let roundsPerTurn = 64

  /// Makes a loop and starts its thread.
  ///
  /// - Parameter name: the thread's name as debuggers show it, at most 15 bytes.
  package init(name: String) {
    taskExecutor = EventLoopTaskExecutor(queue: queue)
    startThread(name: name) { [self] in run() }
  }

  /// Whether the caller runs on the loop's thread.
  package var isCurrent: Bool { queue.isCurrent }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.enqueue(JobQueue.Entry(job: UnownedJob(job), prefersTaskExecutor: false))
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
  package func checkIsolated() { precondition(isCurrent, "not on the event loop's thread") }
  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  /// Adds a source. Call it on the loop's thread.
  package func add(_ source: any EventSource) {
    checkIsolated()
    state.sources.append(source)
  }

  /// Removes a source; none of its methods is called afterwards. Call it on the loop's thread.
  package func remove(_ source: any EventSource) {
    checkIsolated()
    state.sources.removeAll { $0 === source }
  }

  /// Ends the thread once the jobs that wait have run. Jobs enqueued later never run, so stop what uses it first.
  package func stop() { queue.stop() }

  private func run() {
    queue.adoptThread()
    while true {
      runJobs()
      if queue.isFinished { return }
      pollOnce()
    }
  }

  private func runJobs() {
    let serial = asUnownedSerialExecutor()
    let task = taskExecutor.asUnownedTaskExecutor()
    for _ in 0..<Self.roundsPerTurn {
      state.running.removeAll(keepingCapacity: true)
      queue.takeAll(into: &state.running)
      if state.running.isEmpty { return }
      for entry in state.running {
        if entry.prefersTaskExecutor {
          entry.job.runSynchronously(on: task)
        } else {
          entry.job.runSynchronously(on: serial)
        }
      }
    }
  }

  private func pollOnce() {
    let sources = state.sources
    var timeout: Int32 = -1
    state.polls.removeAll(keepingCapacity: true)
    state.immediate.removeAll(keepingCapacity: true)
    state.polls.append(pollfd(fd: queue.wakeDescriptor, events: Int16(POLLIN), revents: 0))
    for source in sources {
      let interest = source.prepareToPoll()
      state.immediate.append(interest.isImmediate)
      state.polls.append(pollfd(fd: source.fileDescriptor, events: interest.events.pollEvents, revents: 0))
      if interest.isImmediate { timeout = 0 }
      if let wanted = interest.timeoutMilliseconds { timeout = timeout < 0 ? wanted : min(timeout, wanted) }
    }
    if timeout != 0, !queue.announceSleep() { timeout = 0 }
    let count = poll(&state.polls, nfds_t(state.polls.count), timeout)
    queue.announceAwake()
    if count > 0, state.polls[0].revents != 0 { queue.drainWakeDescriptor() }
    dispatch(to: sources, timedOut: count == 0)
  }

  private func dispatch(to sources: [any EventSource], timedOut: Bool) {
    for (index, source) in sources.enumerated() {
      let events = EventSet(pollEvents: state.polls[index + 1].revents)
      guard !events.isEmpty || state.immediate[index] || timedOut else { continue }
      // An earlier source's handler may have removed this one.
      guard state.sources.contains(where: { $0 === source }) else { continue }
      source.handleEvents(events)
    }
  }
}

extension EventSet {
  fileprivate var pollEvents: Int16 {
    (contains(.readable) ? Int16(POLLIN) : 0) | (contains(.writable) ? Int16(POLLOUT) : 0)
  }

  fileprivate init(pollEvents: Int16) {
    self = []
    if pollEvents & Int16(POLLIN) != 0 { insert(.readable) }
    if pollEvents & Int16(POLLOUT) != 0 { insert(.writable) }
    if pollEvents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { insert(.failed) }
  }
}

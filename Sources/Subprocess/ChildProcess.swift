internal import CSubprocess
package import Concurrency
internal import Glibc

/// A program that runs, alone in its process group. One thread starts and watches all of them.
package actor ChildProcess {
  private enum Phase {
    case running(Running)
    case ended(ProcessOutcome)
  }

  private struct Running {
    let pid: Int32
    let watch: ExitWatch
    var output: OutputPipe?
    var error: OutputPipe?
    /// Why we killed it, if we did.
    var killed: ProcessOutcome.Termination?
  }

  /// Lives as long as the process: parent-death signals follow the thread that started the child.
  private static let loop = EventLoop(name: "subprocess")
  /// Above this many bytes that nobody took, the program has to wait.
  private static let streamCapacity = 256 << 10

  package nonisolated var unownedExecutor: UnownedSerialExecutor { Self.loop.asUnownedSerialExecutor() }

  private let command: Command
  private let streamsOutput: Bool
  private var phase: Phase?
  private var output: [UInt8] = []
  private var errorTail: [UInt8] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []

  private init(_ command: Command, streamsOutput: Bool) {
    self.command = command
    self.streamsOutput = streamsOutput
  }

  /// Starts a program. It runs until it ends, its deadline passes or it is killed, also if nobody keeps the value.
  ///
  /// - Parameter streamsOutput: whether ``nextOutput()`` hands the output over, whatever the command says.
  static func start(_ command: Command, streamsOutput: Bool) async throws(SubprocessError) -> ChildProcess {
    let child = ChildProcess(command, streamsOutput: streamsOutput)
    try await child.launch()
    return child
  }

  /// The kernel's number of the program; nil when it has ended.
  package var processIdentifier: Int32? {
    if case .running(let running) = phase { running.pid } else { nil }
  }

  /// Sends a signal to the program, not to its children; nothing happens when it has ended.
  package func send(_ signal: Signal) {
    if let pid = processIdentifier { Glibc.kill(pid, signal.number) }
  }

  /// Waits until the program has ended and was reaped.
  package func outcome() async -> ProcessOutcome {
    while true {
      if case .ended(let outcome) = phase { return outcome }
      await waitForChange()
    }
  }

  /// Kills the program and its whole group.
  func kill(because reason: ProcessOutcome.Termination) {
    guard case .running(var running) = phase else { return }
    if running.killed == nil { running.killed = reason }
    phase = .running(running)
    // Not reaped yet, so the number is still the group's.
    Glibc.kill(-running.pid, SIGKILL)
  }

  /// Kills the program and its whole group, unless it has ended, and waits until it was reaped.
  func killAndReap() async {
    kill(because: .cancelled)
    _ = await outcome()
  }

  /// What the program wrote since the last call; nil at the end.
  func nextOutput() async -> [UInt8]? {
    while output.isEmpty {
      if case .ended = phase { return nil }
      await waitForChange()
    }
    defer { output = [] }
    if case .running(let running) = phase { running.output?.isWanted = true }
    return output
  }

  private func waitForChange() async {
    await withCheckedContinuation { waiters.append($0) }
  }

  private func announceChange() {
    let resumed = waiters
    waiters = []
    for waiter in resumed { waiter.resume() }
  }
}

// What happens on the loop's thread.
extension ChildProcess {
  private func launch() throws(SubprocessError) {
    let deadline = command.deadline.map { ContinuousClock.now + $0 }
    let spawned = try spawn(command, pipesOutput: streamsOutput)
    let watch = ExitWatch(owning: spawned.pidfd, deadline: deadline) { [self] in
      assumeIsolated { $0.handleExit() }
    } onDeadline: { [self] in
      assumeIsolated { $0.kill(because: .timedOut) }
    }
    let output = spawned.outputPipe.map { descriptor in
      OutputPipe(owning: descriptor) { [self] in assumeIsolated { $0.readOutput() } }
    }
    let error = spawned.errorPipe.map { descriptor in
      OutputPipe(owning: descriptor) { [self] in assumeIsolated { $0.readError() } }
    }
    phase = .running(Running(pid: spawned.pid, watch: watch, output: output, error: error))
    Self.loop.add(watch)
    if let output { Self.loop.add(output) }
    if let error { Self.loop.add(error) }
  }

  private func readOutput() {
    guard case .running(var running) = phase, let pipe = running.output else { return }
    switch pipe.read() {
    case .nothingNow: return
    case .bytes(let bytes): take(bytes, from: pipe)
    case .end:
      Self.loop.remove(pipe)
      running.output = nil
      phase = .running(running)
    }
  }

  private func readError() {
    guard case .running(var running) = phase, let pipe = running.error else { return }
    switch pipe.read() {
    case .nothingNow: return
    case .bytes(let bytes): takeError(bytes)
    case .end:
      Self.loop.remove(pipe)
      running.error = nil
      phase = .running(running)
    }
  }

  private func take(_ bytes: [UInt8], from pipe: OutputPipe) {
    output += bytes
    if streamsOutput {
      pipe.isWanted = output.count < Self.streamCapacity
      announceChange()
    } else if case .collect(let limit) = command.standardOutput, output.count > limit {
      output.removeLast(output.count - limit)
      kill(because: .exceededOutputLimit)
    }
  }

  private func takeError(_ bytes: [UInt8]) {
    guard case .tail(let limit) = command.standardError else { return }
    errorTail += bytes
    // Cut seldom, so that a chatty program does not cost a copy a line.
    if errorTail.count > 2 * limit + (64 << 10) { errorTail.removeFirst(errorTail.count - limit) }
  }

  private func handleExit() {
    guard case .running(let running) = phase else { return }
    // What it left behind in its group. The number is the group's until the leader is reaped.
    Glibc.kill(-running.pid, SIGKILL)
    var wasSignalled = false
    var value: Int32 = 0
    guard csubprocess_reap(running.pid, &wasSignalled, &value) else { return }
    // A child of its own that left the group may keep the pipes open for ever, so what is there now is all.
    drain(running.output) { readOutput() }
    drain(running.error) { readError() }
    end(wasSignalled ? .signalled(value) : .exited(value))
  }

  /// Reads what a pipe holds, at most what a pipe can hold.
  private func drain(_ pipe: OutputPipe?, _ read: () -> Void) {
    for _ in 0..<16 where pipe != nil { read() }
  }

  private func end(_ termination: ProcessOutcome.Termination) {
    guard case .running(let running) = phase else { return }
    Self.loop.remove(running.watch)
    if let pipe = running.output { Self.loop.remove(pipe) }
    if let pipe = running.error { Self.loop.remove(pipe) }
    if case .tail(let limit) = command.standardError, errorTail.count > limit {
      errorTail.removeFirst(errorTail.count - limit)
    }
    let collected = streamsOutput ? [] : output
    phase = .ended(
      ProcessOutcome(
        termination: running.killed ?? termination, standardOutput: collected,
        standardError: String(decoding: errorTail, as: UTF8.self)))
    announceChange()
  }
}

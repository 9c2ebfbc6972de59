import Concurrency
import EmbeddedServices
import Glibc

/// A broker node or a database that a test starts, stops, kills and freezes by hand.
actor ServiceProcess {
  enum Ending: String, Sendable, CaseIterable {
    /// As an operator does.
    case cleanly
    /// SIGKILL to all of its processes at once.
    case killed
  }

  nonisolated let port: UInt16
  private let command: GuardedProcess.Command
  private let probe: ReadinessProbe
  private var process: GuardedProcess?

  init(_ command: GuardedProcess.Command, probe: ReadinessProbe, port: UInt16) {
    self.command = command
    self.probe = probe
    self.port = port
  }

  /// Starts it, again if it ends before it answers: what a killed one leaves may be in its way for a moment.
  func start() async throws {
    let deadline = ContinuousClock.now + .seconds(90)
    while true {
      let process = try self.process ?? GuardedProcess(command)
      self.process = process
      if await probe.succeeds(port: port) { return }
      guard ContinuousClock.now < deadline else {
        throw Unavailable("what listens on port \(port) does not answer; its log is \(command.logPath)")
      }
      if !process.identity.isAlive { await stop() }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Ends it; returns when nothing is left of it.
  func stop(_ ending: Ending = .cleanly) async {
    guard let process else { return }
    switch ending {
    case .cleanly: process.end()
    case .killed: signal(SIGKILL)
    }
    _ = await process.exit.value
    self.process = nil
  }

  func restart(_ ending: Ending) async throws {
    await stop(ending)
    try await start()
  }

  /// Stops all of its processes where they are; they keep their connections and answer nothing.
  func freeze() { signal(SIGSTOP) }

  func thaw() { signal(SIGCONT) }

  /// The guardian's id is that of the group. It is not reaped while we hold it as running.
  private func signal(_ number: Int32) {
    if let process { kill(-process.identity.pid, number) }
  }
}

/// Keeps one service running: starts it, awaits that it answers, and starts it again when it ends by itself.
actor SupervisedService {
  struct Definition: Sendable {
    let name: String
    let command: GuardedProcess.Command
    let probe: ReadinessProbe
    let port: UInt16
  }

  private let definition: Definition
  private let startLimit: Duration
  private let report: @Sendable (EmbeddedServiceEvent) -> Void
  private let recordGuardian: @Sendable (ProcessIdentity) async -> Void
  private var process: GuardedProcess?
  private var watch: Task<Void, Never>?

  /// Pauses before a service that died is started again: they double up to the longest, and a service that ran for
  /// longer than that starts over with the shortest.
  private static let shortestPause = Duration.milliseconds(500)
  private static let longestPause = Duration.seconds(30)

  init(
    _ definition: Definition, startLimit: Duration, recordGuardian: @escaping @Sendable (ProcessIdentity) async -> Void,
    report: @escaping @Sendable (EmbeddedServiceEvent) -> Void
  ) {
    self.definition = definition
    self.startLimit = startLimit
    self.recordGuardian = recordGuardian
    self.report = report
  }

  /// Starts the service and returns when it answers. It is kept running from then on.
  func start() async throws(EmbeddedServiceError) {
    let process = try await launch()
    watch = Task { await keepRunning(process) }
  }

  /// Stops the service, in no longer than its time of grace.
  func stop() async {
    watch?.cancel()
    process?.end()
    _ = await process?.exit.value
    await watch?.value
  }

  private func launch() async throws(EmbeddedServiceError) -> GuardedProcess {
    let process: GuardedProcess
    do {
      process = try GuardedProcess(definition.command)
    } catch {
      throw failure("\(error)")
    }
    self.process = process
    await recordGuardian(process.identity)
    let clock = ContinuousClock()
    let deadline = clock.now + startLimit
    // A server that is starting gives no signal that all versions share: it is asked until it answers.
    while !(await definition.probe.succeeds(port: definition.port)) {
      var problem: String?
      if !process.identity.isAlive { problem = "it ended" }
      if clock.now >= deadline { problem = "it did not answer on port \(definition.port) within \(startLimit)" }
      if (try? await clock.sleep(for: .milliseconds(40))) == nil { problem = "the start was cancelled" }
      guard let problem else { continue }
      process.end()
      _ = await process.exit.value
      throw failure(problem)
    }
    return process
  }

  private func failure(_ reason: String) -> EmbeddedServiceError {
    .startFailed(service: definition.name, reason: reason, logTail: LogTail.read(definition.command.logPath))
  }

  private func keepRunning(_ first: GuardedProcess) async {
    var running = first
    var pause = Self.shortestPause
    let clock = ContinuousClock()
    while true {
      let start = clock.now
      _ = await running.exit.value
      if Task.isCancelled { return }
      if clock.now - start > Self.longestPause { pause = Self.shortestPause }
      report(.died(service: definition.name, pause: pause, logTail: LogTail.read(definition.command.logPath)))
      guard let next = await relaunch(pause: &pause) else { return }
      running = next
      report(.restarted(service: definition.name))
    }
  }

  /// - Returns: nil if the service is to stop.
  private func relaunch(pause: inout Duration) async -> GuardedProcess? {
    while (try? await Task.sleep(for: pause)) != nil {
      pause = min(pause * 2, Self.longestPause)
      do {
        return try await launch()
      } catch {
        report(.restartFailed(service: definition.name, pause: pause, reason: "\(error)"))
      }
    }
    return nil
  }
}

import Concurrency
import FoundationEssentials
import Glibc
import Subprocess

/// One worker: the program `FaultWorker` in a process of its own.
actor Worker {
  /// How the test means it to end.
  enum Fate: Sendable {
    case works
    /// By SIGTERM, in good order.
    case asked
    case killed
  }

  nonisolated let number: Int
  nonisolated let logPath: String
  private let outputPath: String
  private var fate = Fate.works
  private var child: ChildProcess?
  private var run: Task<ProcessOutcome, any Error>?

  init(number: Int, folder: String) {
    self.number = number
    logPath = "\(folder)/worker-\(number).log"
    outputPath = "\(folder)/worker-\(number).out"
  }

  /// Starts it; returns when it works, or if `waits` is false at once.
  func start(_ arguments: [String], environment: [String: String], waits: Bool) async throws {
    let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "FaultWorker").path
    // What a worker says when it crashes unasked is the evidence.
    let backtrace = "enable=yes,interactive=no,color=no,threads=all,limit=64"
    var command = Command(
      executable, arguments, environment: ["SWIFT_BACKTRACE": backtrace].merging(environment) { $1 },
      standardOutput: .file(path: outputPath), standardError: .file(path: logPath), deadline: nil)
    command.limits.openFiles = 4096
    run = Task { [command] in
      try await command.withRunning { child in
        began(child)
        return await child.outcome()
      }
    }
    while waits, !isReady {
      guard run != nil, await !hasEnded else { return }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private func began(_ child: ChildProcess) { self.child = child }

  private var isReady: Bool { FileManager.default.contents(atPath: outputPath)?.isEmpty == false }

  var hasEnded: Bool {
    get async {
      guard let child else { return false }
      return await child.processIdentifier == nil
    }
  }

  /// Its memory that is resident, in bytes; nil when it has ended.
  var residentMemory: Int? {
    get async {
      guard let pid = await child?.processIdentifier,
        let status = FileManager.default.contents(atPath: "/proc/\(pid)/status"),
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first(where: {
          $0.hasPrefix("VmRSS:")
        })
      else { return nil }
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
  }

  /// Whether it is stopped by a signal.
  var isStopped: Bool {
    get async {
      guard let pid = await child?.processIdentifier,
        let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat")
      else { return false }
      return String(decoding: status, as: UTF8.self).split(separator: ")").last?.hasPrefix(" T") ?? false
    }
  }

  /// Says that it will end itself by SIGKILL.
  func expectDeath() { fate = .killed }

  func kill() async {
    fate = .killed
    await child?.send(.kill)
    _ = try? await run?.value
  }

  func freeze() async { await child?.send(Signal(number: SIGSTOP)) }

  func thaw() async { await child?.send(Signal(number: SIGCONT)) }

  /// Asks it to stop, and waits until it has.
  func stop() async {
    if fate == .works { fate = .asked }
    await child?.send(.terminate)
    _ = try? await run?.value
  }

  /// Ends it, however it is.
  func discard() async {
    run?.cancel()
    _ = try? await run?.value
  }

  /// What is wrong with how it ended; nil if it ended as it was meant to, or has not.
  var complaint: String? {
    get async {
      guard await hasEnded, let outcome = try? await run?.value else { return nil }
      switch (fate, outcome.termination) {
      case (.asked, .exited(0)), (.killed, .signalled(SIGKILL)): return nil
      default: return "worker \(number) \(outcome.termination), and was not meant to"
      }
    }
  }
}

import Concurrency
import FoundationEssentials
import Subprocess

/// The executable `FaultWorker`, as a process of its own.
struct WorkerProcess {
  let command: Command

  /// - Parameter fault: the step and the stage at which it kills itself; nil for one that works until it is ended.
  init(_ harness: EngineHarness, fault: (step: String, stage: String)? = nil) {
    let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "FaultWorker").path
    command = Command(
      executable,
      [harness.brokerURL, harness.databaseURL, harness.folder] + (fault.map { ["kill=\($0.step):\($0.stage)"] } ?? []),
      environment: ["SWIFT_BACKTRACE": "enable=no"], deadline: .seconds(60))
  }
}

internal import Subprocess

/// A program of the system that works for a provider.
struct EmbeddedTool: Sendable {
  let provider: String
  let program: String
  /// What to install when it is missing.
  let package: String
  let sandbox: Sandbox
  let deadline: Duration

  /// Someone may be installing it; until then there is no hurry.
  private static let patience = Duration.seconds(60)

  /// Runs the program and returns what it prints.
  ///
  /// - Parameter readable: the files it reads besides the system's.
  func run(_ arguments: [String], readable: [String]) async throws(ProviderFailure) -> [UInt8] {
    guard let path = findExecutable(program) else {
      throw failure(
        .unavailable(retryAfter: Self.patience), "cannot find the program '\(program)' in PATH; install \(package)")
    }
    let command = sandbox.confine(
      Command(
        path, arguments,
        // One thread a run: the engine decides how many run.
        environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"],
        standardOutput: .collect(limit: 16 << 20), limits: Command.Limits(addressSpace: 4 << 30, openFiles: 256),
        deadline: deadline), readable: readable)
    let outcome: ProcessOutcome
    do throws(SubprocessError) {
      outcome = try await command.run()
    } catch {
      throw failure(.unavailable(retryAfter: Self.patience), "\(error); install \(package)")
    }
    let complaint = outcome.standardError.isEmpty ? nil : outcome.standardError
    switch outcome.termination {
    case .exited(0): return outcome.standardOutput
    case .exited, .exceededOutputLimit:
      throw failure(.permanent, "\(program) \(outcome.termination)", complaint)
    case .signalled, .timedOut:
      throw failure(.transient(), "\(program) \(outcome.termination)", complaint)
    case .cancelled:
      throw failure(.cancelled, "\(program) \(outcome.termination)")
    }
  }

  private func failure(
    _ consequence: ProviderFailure.Consequence, _ message: String, _ detail: String? = nil
  ) -> ProviderFailure {
    ProviderFailure(consequence, provider: provider, message, detail: detail)
  }
}

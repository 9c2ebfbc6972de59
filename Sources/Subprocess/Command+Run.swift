extension Command {
  /// Runs the program to its end. When the task is cancelled, the program's whole group is killed.
  ///
  /// - Throws: only if the program cannot start; how it ends is a value.
  package func run() async throws(SubprocessError) -> ProcessOutcome {
    let child = try await ChildProcess.start(self, streamsOutput: false)
    return await withTaskCancellationHandler {
      await child.outcome()
    } onCancel: {
      Task { await child.kill(because: .cancelled) }
    }
  }

  /// Runs the program to its end and hands its output over as it comes; a handler that is slow slows the program down.
  ///
  /// - Parameter onOutput: receives at least one byte a call. When it throws, the program's whole group is killed.
  /// - Throws: ``SubprocessError`` if the program cannot start, or what `onOutput` throws.
  package func run(onOutput: (_ bytes: [UInt8]) async throws -> Void) async throws -> ProcessOutcome {
    try await withRunning(streamsOutput: true) { child in
      while let bytes = await child.nextOutput() { try await onOutput(bytes) }
      return await child.outcome()
    }
  }

  /// Calls `body` while the program runs, for one that serves. When `body` returns or throws, or the task is cancelled,
  /// the program's whole group is killed and reaped.
  ///
  /// - Throws: ``SubprocessError`` if the program cannot start, or what `body` throws.
  package func withRunning<Result>(_ body: (ChildProcess) async throws -> Result) async throws -> Result {
    try await withRunning(streamsOutput: false, body)
  }

  private func withRunning<Result>(
    streamsOutput: Bool, _ body: (ChildProcess) async throws -> Result
  ) async throws -> Result {
    let child = try await ChildProcess.start(self, streamsOutput: streamsOutput)
    return try await withTaskCancellationHandler {
      do {
        let result = try await body(child)
        await child.killAndReap()
        return result
      } catch {
        await child.killAndReap()
        throw error
      }
    } onCancel: {
      Task { await child.kill(because: .cancelled) }
    }
  }
}

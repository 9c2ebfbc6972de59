internal import Concurrency
internal import Observability
internal import Pipeline
internal import PostgreSQL

/// Looks at intervals which definitions are active and which stages are paused.
struct GateKeeper: Sendable {
  let ledger: Ledger
  let definitions: ActiveDefinitions
  let gates: StageGates
  /// Rings when a circuit opens or closes.
  let changes: Bell
  let logger: Logger

  private static let interval = Duration.seconds(1)

  /// Runs until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      do throws(PostgresError) { try await look() } catch {
        if !Task.isCancelled { logger.error("cannot look for pauses and definitions", [.error: "\(error)"]) }
      }
      await changes.wait(atMost: Self.interval)
      gates.check()
    }
  }

  /// Looks once.
  func look() async throws(PostgresError) {
    definitions.replace(by: try await ledger.activeDefinitions())
    gates.pause(try await ledger.pauses())
  }
}

internal import Glibc
internal import Pipeline

/// Does the costly work, and writes a line for each call that it was paid for, so that tests can count them whatever
/// became of the worker.
struct Provider {
  /// The file that all workers append to.
  let ledger: String
  /// How long a call takes.
  let duration: Duration

  /// - Throws: ``StageFailure`` if the call cannot be written down: then it is not made.
  func call(_ window: Int, of asset: AssetID) async throws(StageFailure) {
    let line = Array("\(asset) \(window)\n".utf8)
    let descriptor = open(ledger, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .transient("provider.unreachable", "cannot open \(ledger)") }
    // Lines of several processes stay whole: one write, in append mode.
    let written = write(descriptor, line, line.count)
    close(descriptor)
    guard written == line.count else { throw .transient("provider.unreachable", "cannot write to \(ledger)") }
    guard duration > .zero else { return }
    do { try await Task.sleep(for: duration) } catch {
      throw StageFailure(.interrupted, code: "provider.interrupted", "the worker stops")
    }
  }
}

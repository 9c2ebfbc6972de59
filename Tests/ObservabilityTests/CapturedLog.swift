import JSON
import Observability
import Synchronization

/// A log's output kept in memory.
final class CapturedLog: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func append(_ new: [UInt8]) { bytes.withLock { $0 += new } }

  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

  var lines: [Substring] { text.split(separator: "\n") }
}

/// What `body` logs.
func logged(
  as format: LogOutput.Format = .json, level: LogLevel = .trace, _ body: (Logger) async throws -> Void
) async rethrows -> [Substring] {
  let captured = CapturedLog()
  let output = LogOutput(format: format) { captured.append($0) }
  try await body(Logger(level: level, output: output))
  output.flush()
  return captured.lines
}

/// Writes structured lines about what happens.
///
/// A line carries the logger's metadata and that of the call, which outweighs it. Passwords in URLs never get into a line;
/// other secrets are for the caller to leave out.
package struct Logger: Sendable {
  /// Lines below it are not written.
  package let level: LogLevel
  private let output: LogOutput?
  private let metadata: LogMetadata

  /// A logger that writes lines of `level` and above to `output`.
  package init(level: LogLevel, output: LogOutput) { self.init(level: level, output: output, metadata: [:]) }

  private init(level: LogLevel, output: LogOutput?, metadata: LogMetadata) {
    self.level = level
    self.output = output
    self.metadata = metadata
  }

  /// A logger that writes nothing.
  package static let silent = Logger(level: .error, output: nil, metadata: [:])

  /// A logger whose lines all carry `metadata` too.
  package func with(_ metadata: LogMetadata) -> Logger {
    Logger(level: level, output: output, metadata: self.metadata.merging(metadata) { $1 })
  }

  /// Writes a line if `level` is high enough; otherwise neither message nor metadata is made.
  package func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]
  ) {
    guard let output, level >= self.level else { return }
    output.append(
      LogRecord(time: .now, level: level, message: message(), metadata: self.metadata.merging(metadata()) { $1 }))
  }

  /// Writes a line of the level ``LogLevel/trace``.
  package func trace(_ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]) {
    log(.trace, message(), metadata())
  }

  /// Writes a line of the level ``LogLevel/debug``.
  package func debug(_ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]) {
    log(.debug, message(), metadata())
  }

  /// Writes a line of the level ``LogLevel/info``.
  package func info(_ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]) {
    log(.info, message(), metadata())
  }

  /// Writes a line of the level ``LogLevel/warning``.
  package func warning(_ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]) {
    log(.warning, message(), metadata())
  }

  /// Writes a line of the level ``LogLevel/error``.
  package func error(_ message: @autoclosure () -> String, _ metadata: @autoclosure () -> LogMetadata = [:]) {
    log(.error, message(), metadata())
  }
}

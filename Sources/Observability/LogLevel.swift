/// How much a line of the log matters.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
  /// Single steps, for whoever hunts a fault in the program.
  case trace
  /// Decisions, for whoever wants to know why something was done.
  case debug
  /// What happened, at a rate that a person can read.
  case info
  /// Something is odd, and the program copes.
  case warning
  /// Something failed, and someone should look.
  case error

  package static func < (first: LogLevel, second: LogLevel) -> Bool { first.rank < second.rank }

  private var rank: Int {
    switch self {
    case .trace: 0
    case .debug: 1
    case .info: 2
    case .warning: 3
    case .error: 4
    }
  }
}

/// How a command says to its caller how it ended; the numbers from 64 are those of BSD's sysexits.h.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case cancelled = 2
  case notAllowed = 4
  case usage = 64
  case unavailable = 69
  case internalError = 70
  case inputOutput = 74
  case configuration = 78

  /// What the code tells, as help and the manual page say it.
  package var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed, or a check did not pass"
    case .cancelled: "cancelled by a person or a signal"
    case .notAllowed: "not allowed"
    case .usage: "the command line is wrong"
    case .unavailable: "a service or a tool is missing or does not answer"
    case .internalError: "an error in the program itself"
    case .inputOutput: "reading or writing failed"
    case .configuration: "the configuration is wrong"
    }
  }
}

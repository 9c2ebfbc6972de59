/// How a program ended and what it said.
package struct ProcessOutcome: Sendable, Equatable {
  /// How a program ended.
  package enum Termination: Sendable, Equatable {
    case exited(Int32)
    /// It was ended by a signal that we did not send for one of the reasons below.
    case signalled(Int32)
    /// Its deadline passed and it was killed.
    case timedOut
    /// It wrote more than `.collect(limit:)` allows and was killed.
    case exceededOutputLimit
    /// The task that ran it was cancelled and it was killed.
    case cancelled
  }

  package let termination: Termination
  /// What was collected; empty if the output went elsewhere.
  package let standardOutput: [UInt8]
  /// The end of what the program complained; cut at a byte, invalid UTF-8 is repaired.
  package let standardError: String

  /// Whether it ended by itself with code 0.
  package var isSuccess: Bool { termination == .exited(0) }
}

extension ProcessOutcome.Termination: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .signalled(let number): "was ended by signal \(number)"
    case .timedOut: "was killed at its deadline"
    case .exceededOutputLimit: "was killed because it wrote too much"
    case .cancelled: "was killed because its task was cancelled"
    }
  }
}

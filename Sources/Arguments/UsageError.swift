/// A command line that cannot be understood.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and, where it can be known, what was meant.
  package let message: String
  /// The command that was recognised, with the program's name first.
  package let commandPath: [String]

  package var description: String { "\(message)\nTry '\(commandPath.joined(separator: " ")) --help'." }

  /// The code to exit with.
  package var exitCode: ExitCode { .usage }
}

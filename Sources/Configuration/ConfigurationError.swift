/// Everything that is wrong with a configuration, found in one go.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// One sentence each: where, what was expected, what came, what was likely meant. Secrets are not in them.
  package let problems: [String]

  package var description: String { problems.joined(separator: "\n") }
}

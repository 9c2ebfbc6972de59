/// Why bytes are not the JSON that was expected.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// Where in the bytes, from 0.
  package let offset: Int
  /// What is wrong.
  package let problem: String

  package var description: String { "not valid JSON at byte \(offset): \(problem)" }
}

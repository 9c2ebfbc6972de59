package import Arguments

/// A command did not do what it was asked for; says why and what to do.
package struct CommandFailure: Error, CustomStringConvertible {
  package let code: ExitCode
  package let description: String

  package init(_ code: ExitCode, _ description: String) {
    self.code = code
    self.description = description
  }
}

internal import Glibc

/// Why a program did not start.
package struct SubprocessError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed.
  package enum Reason: Sendable, Equatable {
    /// There is no such program; install the package that brings it.
    case notFound
    /// Anything else: no permission, no descriptor left, a missing working directory …
    case other
  }

  package let reason: Reason
  /// The program as it was asked for.
  package let executable: String
  /// Which step failed and why.
  package let description: String

  init(executable: String, action: String, code: Int32, subject: String? = nil) {
    reason = action == "execute" && code == ENOENT ? .notFound : .other
    self.executable = executable
    description = "cannot \(action) \(subject ?? executable): \(String(cString: strerror(code)))"
  }

  init(notFoundInPath name: String) {
    reason = .notFound
    executable = name
    description = "cannot find the program '\(name)' in PATH"
  }
}

internal import Glibc

/// A signal between processes.
package struct Signal: Sendable, Hashable {
  /// The kernel's number.
  package let number: Int32

  package init(number: Int32) { self.number = number }

  package static let kill = Signal(number: SIGKILL)
  package static let terminate = Signal(number: SIGTERM)
  package static let interrupt = Signal(number: SIGINT)
}

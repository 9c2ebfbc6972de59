internal import Glibc
internal import Synchronization

/// The end of a pipe that a guardian listens to. Closed once, at the latest with its last reference.
final class Lifeline: Sendable {
  private let descriptor: Mutex<Int32?>

  /// Takes the descriptor over.
  init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }
  deinit { close() }

  func close() {
    let taken = descriptor.withLock { descriptor in
      defer { descriptor = nil }
      return descriptor
    }
    if let taken { _ = Glibc.close(taken) }
  }
}

internal import Glibc
internal import Synchronization

/// A part of an open file, to be sent once. It is closed when it was sent or given up.
package final class FileRange: Sendable {
  /// The first byte that is sent.
  package let offset: Int64
  /// How many bytes are sent.
  package let length: Int64
  private let descriptor: Atomic<Int32>

  /// Takes the descriptor over, and closes it.
  ///
  /// - Parameters:
  ///   - descriptor: of a regular file, open for reading.
  ///   - offset: not negative; `offset + length` is not behind the file's end.
  package init(descriptor: Int32, offset: Int64, length: Int64) {
    self.descriptor = Atomic(descriptor)
    self.offset = offset
    self.length = length
  }

  deinit {
    if let descriptor = take() { close(descriptor) }
  }

  /// Hands the descriptor over; nil if somebody has it already.
  func take() -> Int32? {
    let descriptor = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
    return descriptor < 0 ? nil : descriptor
  }
}

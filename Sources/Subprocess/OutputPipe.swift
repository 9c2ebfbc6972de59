internal import Concurrency
internal import Glibc

/// Our end of a pipe that a program writes to. Used on the loop's thread alone.
final class OutputPipe: EventSource {
  /// What a read met.
  enum Reading {
    case bytes([UInt8])
    case nothingNow
    case end
  }

  /// While it is false the pipe is not polled, so the program has to wait once the pipe is full.
  var isWanted = true
  /// Owned; closed in `deinit`.
  private let descriptor: Int32
  private let onReadable: () -> Void

  private static let chunkSize = 64 << 10

  init(owning descriptor: Int32, onReadable: @escaping () -> Void) {
    self.descriptor = descriptor
    self.onReadable = onReadable
  }

  deinit { close(descriptor) }

  // A hang-up is reported even to who polls for nothing; a negative number is not looked at.
  var fileDescriptor: Int32 { isWanted ? descriptor : -1 }

  func prepareToPoll() -> EventInterest { EventInterest(events: isWanted ? .readable : []) }

  func handleEvents(_ events: EventSet) {
    if !events.isEmpty { onReadable() }
  }

  /// Reads what is there, at most one chunk.
  func read() -> Reading {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
      repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
      initialized = max(0, count)
    }
    if count > 0 { return .bytes(bytes) }
    return count < 0 && errno == EAGAIN ? .nothingNow : .end
  }
}

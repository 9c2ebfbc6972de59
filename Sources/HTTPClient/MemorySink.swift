internal import Synchronization

/// Collects the content of a response; the transfer bounds its size.
final class MemorySink: ResponseSink {
  private let bytes = Mutex<[UInt8]>([])

  func start() {}
  func begin(_ head: HTTPResponseHead) {}

  func take(_ new: UnsafeRawBufferPointer) -> Bool {
    bytes.withLock { $0.append(contentsOf: new) }
    return true
  }

  func end(isComplete: Bool) {}

  func takeBytes() -> [UInt8] {
    bytes.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }
}

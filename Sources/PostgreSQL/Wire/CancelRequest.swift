internal import CPostgreSQL

/// What it takes to cancel the statement that a connection runs, from another thread.
///
/// `@unchecked Sendable`. Proof: libpq documents a `PGcancel` as a copy that any thread may use; this object alone owns
/// it and frees it.
final class CancelRequest: @unchecked Sendable {
  private let pointer: OpaquePointer

  init?(for handle: ConnectionHandle) {
    guard let pointer = PQgetCancel(handle.pointer) else { return nil }
    self.pointer = pointer
  }

  deinit { PQfreeCancel(pointer) }

  /// Sends the request and waits until the server has taken it; blocks. A failure shows in that nothing is cancelled.
  func send() {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
      _ = PQcancel(pointer, message.baseAddress, Int32(message.count))
    }
  }
}

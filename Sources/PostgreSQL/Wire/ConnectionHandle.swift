internal import CPostgreSQL

/// Owns one `PGconn`.
///
/// `@unchecked Sendable`. Proof: one thread at a time uses it. The thread that connects makes it and hands it over once
/// (``Connector``); from then on only its ``Session`` does, on the event loop's thread; `deinit` has no other user left.
final class ConnectionHandle: @unchecked Sendable {
  /// libpq's connection; never nil until ``finish()``.
  private(set) var pointer: OpaquePointer?
  /// What the notice receiver is called with; alive as long as the connection.
  private let notices: NoticeReceiver

  /// Takes over a connection that `PQconnectStartParams` returned.
  init(taking pointer: OpaquePointer, onNotice: @escaping @Sendable (PostgresNotice) -> Void) {
    self.pointer = pointer
    notices = NoticeReceiver(onNotice: onNotice)
    // Not retained: libpq calls it only within calls on this connection, which this object outlives.
    PQsetNoticeReceiver(
      pointer,
      { argument, result in
        guard let argument else { return }
        Unmanaged<NoticeReceiver>.fromOpaque(argument).takeUnretainedValue().onNotice(PostgresNotice(reportIn: result))
      }, Unmanaged.passUnretained(notices).toOpaque())
  }

  deinit { finish() }

  /// Closes the connection and frees it.
  func finish() {
    PQfinish(pointer)
    pointer = nil
  }

  /// libpq's last words, on one line.
  var errorMessage: String {
    let message = PQerrorMessage(pointer).map { String(cString: $0) } ?? ""
    return message.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: " ")
  }

  private final class NoticeReceiver: Sendable {
    let onNotice: @Sendable (PostgresNotice) -> Void
    init(onNotice: @escaping @Sendable (PostgresNotice) -> Void) { self.onNotice = onNotice }
  }
}

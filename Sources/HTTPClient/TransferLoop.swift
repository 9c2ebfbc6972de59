internal import CCurl
internal import Concurrency
internal import Synchronization

/// The one thread that drives all transfers of a client through a curl multi handle.
final class TransferLoop: Sendable {
  typealias Completion = @Sendable (Result<HTTPResponseHead, HTTPClientError>) -> Void

  private enum Command {
    case add(Transfer, Completion)
    case cancel(Transfer)
    case unpause(Transfer)
  }

  private struct Mailbox {
    var commands: [Command] = []
    /// No command is taken any more.
    var isStopped = false
    /// The handle is freed: nobody may wake it.
    var isClosed = false
  }

  /// What only the loop's thread touches.
  private final class Running {
    var transfers: [UnsafeMutableRawPointer: (transfer: Transfer, completion: Completion)] = [:]
  }

  private static let initialised: Bool = ccurl_global_init() == CURLE_OK

  /// Owned; freed by the thread at its end.
  // Proof: used by the loop's thread alone, but for `curl_multi_wakeup`, which any thread may call while the handle
  // lives; the mailbox's lock sees to that.
  nonisolated(unsafe) private let multi: UnsafeMutableRawPointer
  private let mailbox = Mutex(Mailbox())
  // Proof: touched by methods that run on the loop's thread alone.
  nonisolated(unsafe) private let running = Running()

  init(maximumConnectionsPerHost: Int) {
    guard Self.initialised, let multi = curl_multi_init() else {
      preconditionFailure("libcurl cannot start: no memory left, or its TLS library is broken")
    }
    self.multi = multi
    _ = ccurl_set_multi_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximumConnectionsPerHost)
    startThread(name: "http-client") { [self] in run() }
  }

  /// Starts a transfer; `completion` is called once, on the loop's thread.
  func submit(_ transfer: Transfer, completion: @escaping Completion) {
    if !post(.add(transfer, completion)) { completion(.failure(transfer.failure(.cancelled, "the client was closed"))) }
  }

  /// Ends a transfer with ``HTTPClientError/Kind/cancelled`` unless it came to its end before, also if it is submitted
  /// only later.
  func cancel(_ transfer: Transfer) {
    transfer.cancel()
    _ = post(.cancel(transfer))
  }

  /// Goes on with a transfer whose sink had no room.
  func unpause(_ transfer: Transfer) { _ = post(.unpause(transfer)) }

  /// Cancels all transfers and ends the thread.
  func stop() {
    mailbox.withLock { mailbox in
      mailbox.isStopped = true
      if !mailbox.isClosed { curl_multi_wakeup(multi) }
    }
  }

  private func post(_ command: Command) -> Bool {
    mailbox.withLock { mailbox in
      guard !mailbox.isStopped else { return false }
      mailbox.commands.append(command)
      curl_multi_wakeup(multi)
      return true
    }
  }

  private func run() {
    while true {
      let (commands, isStopped) = mailbox.withLock { mailbox in
        defer { mailbox.commands = [] }
        return (mailbox.commands, mailbox.isStopped)
      }
      for command in commands { perform(command) }
      if isStopped { break }
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      finishTransfers()
      // It returns early for curl's own timers and when woken.
      curl_multi_poll(multi, nil, 0, 60_000, nil)
    }
    for (transfer, _) in running.transfers.values {
      finish(transfer, .failure(transfer.failure(.cancelled, "the client was closed")))
    }
    mailbox.withLock { mailbox in
      mailbox.isClosed = true
      curl_multi_cleanup(multi)
    }
  }

  private func perform(_ command: Command) {
    switch command {
    case .add(let transfer, let completion):
      running.transfers[transfer.easy] = (transfer, completion)
      if transfer.isCancelled { return finish(transfer, .failure(transfer.failure(.cancelled, "before it began"))) }
      do throws(HTTPClientError) {
        try transfer.start()
        curl_multi_add_handle(multi, transfer.easy)
      } catch {
        finish(transfer, .failure(error))
      }
    case .cancel(let transfer):
      finish(transfer, .failure(transfer.failure(.cancelled, "by the caller")))
    case .unpause(let transfer):
      if running.transfers[transfer.easy] != nil { _ = ccurl_unpause(transfer.easy) }
    }
  }

  private func finishTransfers() {
    var code = CURLE_OK
    while let easy = ccurl_next_finished(multi, &code) {
      guard let (transfer, _) = running.transfers[easy] else { continue }
      finish(transfer, transfer.result(of: code))
    }
  }

  private func finish(_ transfer: Transfer, _ result: Result<HTTPResponseHead, HTTPClientError>) {
    guard let (_, completion) = running.transfers.removeValue(forKey: transfer.easy) else { return }
    // Curl stops using the handle and calling back; it stays owned by the transfer.
    curl_multi_remove_handle(multi, transfer.easy)
    completion(transfer.end(result))
  }
}

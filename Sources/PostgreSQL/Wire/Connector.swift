internal import CPostgreSQL
internal import Concurrency
internal import Glibc
internal import Synchronization

/// Makes connections, each on a thread of its own: libpq resolves names and reads certificates without asking whether
/// it may block.
enum Connector {
  /// Connects and logs in.
  ///
  /// - Throws: `connectFailed`, `invalidConfiguration` or `cancelled`. A thread that is left behind by its deadline or
  ///   by cancellation ends by itself and closes what it made.
  static func connect(_ configuration: PostgresConfiguration) async throws(PostgresError) -> ConnectionHandle {
    let attempt = ConnectAttempt()
    let deadline = ContinuousClock.now + configuration.connectTimeout
    let timer = Task {
      try await Task.sleep(until: deadline, clock: .continuous)
      attempt.complete(.failure(timeout(configuration)))
    }
    defer { timer.cancel() }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        attempt.start(continuation)
        startThread(name: "pg-connect") { attempt.complete(connectBlocking(configuration, deadline: deadline)) }
      }
    } onCancel: {
      attempt.complete(.failure(.cancelled))
    }
    return try result.get()
  }

  private static func connectBlocking(
    _ configuration: PostgresConfiguration, deadline: ContinuousClock.Instant
  ) -> Result<ConnectionHandle, PostgresError> {
    guard let pointer = start(ConnectionParameters.complete(for: configuration)) else {
      return .failure(.invalidConfiguration("out of memory"))
    }
    let handle = ConnectionHandle(taking: pointer, onNotice: configuration.onNotice)
    // Verbose messages carry the SQLSTATE, which libpq does not tell otherwise before a connection stands.
    PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
    var status = PGRES_POLLING_WRITING
    while PQstatus(pointer) != CONNECTION_BAD {
      switch status {
      case PGRES_POLLING_OK:
        PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        return .success(handle)
      case PGRES_POLLING_FAILED:
        return .failure(failure(handle, configuration))
      default:
        guard wait(for: PQsocket(pointer), toWrite: status == PGRES_POLLING_WRITING, until: deadline) else {
          return .failure(timeout(configuration))
        }
        status = PQconnectPoll(pointer)
      }
    }
    return .failure(failure(handle, configuration))
  }

  private static func start(_ parameters: [String: String]) -> OpaquePointer? {
    let ordered = Array(parameters)
    return withCStrings(ordered.map(\.key)) { keywords in
      withCStrings(ordered.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
    }
  }

  /// Calls `body` with the texts as C strings and a null pointer after the last.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
  }

  /// Waits on the thread; false when the time is up.
  private static func wait(for descriptor: Int32, toWrite: Bool, until deadline: ContinuousClock.Instant) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
    while true {
      let left = deadline.millisecondsFromNow
      guard left > 0 else { return false }
      let count = poll(&entry, 1, left)
      if count > 0 { return true }
      if count < 0, errno != EINTR { return true }
    }
  }

  private static func timeout(_ configuration: PostgresConfiguration) -> PostgresError {
    .connectFailed(
      PostgresConnectFailure(
        server: configuration.server,
        message: "no connection within \(configuration.connectTimeout); is this PostgreSQL, and can it be reached?",
        sqlState: nil))
  }

  private static func failure(_ handle: ConnectionHandle, _ configuration: PostgresConfiguration) -> PostgresError {
    let message = handle.errorMessage
    if message.hasPrefix("invalid ") { return .invalidConfiguration(message) }
    // FATAL:  28P01: password authentication failed … LOCATION:  auth_failed, auth.c:321
    let report = message.prefix(upTo: message.firstRange(of: " LOCATION:")?.lowerBound ?? message.endIndex)
    let match = report.firstMatch(of: #/:  ([0-9A-Z]{5}): /#)
    return .connectFailed(
      PostgresConnectFailure(
        server: configuration.server, message: String(report),
        sqlState: match.map { SQLState(rawValue: String($0.1)) }))
  }
}

/// One attempt's answer: the first one counts, whoever gives it; a connection that comes too late closes itself.
private final class ConnectAttempt: Sendable {
  typealias Answer = Result<ConnectionHandle, PostgresError>

  private enum State {
    case idle
    case waiting(CheckedContinuation<Answer, Never>)
    case answered(Answer)
    case done
  }

  private let state = Mutex(State.idle)

  func start(_ continuation: CheckedContinuation<Answer, Never>) {
    let early = state.withLock { state -> Answer? in
      if case .answered(let answer) = state {
        state = .done
        return answer
      }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(returning: early) }
  }

  func complete(_ answer: Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
      switch state {
      case .idle: state = .answered(answer)
      case .waiting(let continuation):
        state = .done
        return continuation
      case .answered, .done: break
      }
      return nil
    }
    continuation?.resume(returning: answer)
  }
}

extension ContinuousClock.Instant {
  /// Milliseconds from now, rounded up; 0 if it has passed.
  var millisecondsFromNow: Int32 {
    let (seconds, attoseconds) = (self - .now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}

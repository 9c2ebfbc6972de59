internal import CMicroHTTPD
internal import HTTPFields
internal import Synchronization

/// A request that async code answers, from its head to its completion.
///
/// The daemon calls for the head, for pieces of the body and for its end; in between the connection may be suspended,
/// and is resumed when the handler has answered or wants to read.
final class Exchange: Sendable {
  private enum Place {
    case head
    case body
    case end
  }

  private struct State {
    var place: Place
    var request: Request
    var isSuspended = false
    /// Completed, or given up by the server: what the handler answers is for nobody.
    var isOver = false
    var answer: Response?
    var task: Task<Void, Never>?
    var stream: ResponseStream?
    /// Bytes that came after they were no longer wanted.
    var discarded = 0
  }

  /// What a daemon's call does once the state is decided.
  private enum Action {
    case goOn
    case wait
    case answer(Response)
    case cutOff
  }

  /// What is read of an unwanted body, so that its sender is not cut off before it sees the answer.
  private static let mostDiscarded = 256 << 10

  private let connection: DaemonConnection
  private let served: ServedConnection
  private let core: ServerCore
  private let handler: Route.Handler
  private let body: RequestStream?
  private let state: Mutex<State>

  init(
    _ request: Request, handler: Route.Handler, connection: DaemonConnection, served: ServedConnection,
    core: ServerCore,
    hasBody: Bool
  ) {
    self.connection = connection
    self.served = served
    self.core = core
    self.handler = handler
    if case .streaming(let limit, _) = handler { body = RequestStream(limit: limit) } else { body = nil }
    state = Mutex(State(place: hasBody ? .head : .body, request: request))
  }

  /// Called by the daemon for the head, each piece of the body, and its end.
  func proceed(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
    let action = bytes.isEmpty ? turn() : take(bytes)
    switch action {
    case .goOn, .wait: return .YES
    case .cutOff: return .NO
    case .answer(let response):
      let isHead = state.withLock { $0.request.method } == "HEAD"
      let (result, stream) = response.queue(on: connection, isHead: isHead, closes: core.isDraining)
      if let stream { adopt(stream) }
      return result
    }
  }

  /// The stream ends with the exchange, also if that has ended just now.
  private func adopt(_ stream: ResponseStream) {
    let isOver = state.withLock { state in
      state.stream = stream
      return state.isOver
    }
    if isOver { stream.breakOff() }
  }

  /// A call without bytes: for the head, for its end, or again after a suspension.
  private func turn() -> Action {
    let (action, starts) = state.withLock { state -> (Action, Bool) in
      if let answer = state.answer.take() { return (.answer(answer), false) }
      guard !state.isOver else { return (.cutOff, false) }
      switch (state.place, body) {
      case (.head, nil):
        state.place = .body
        return (.goOn, false)
      case (.head, .some) where state.task == nil:
        return (suspend(&state), true)
      case (.head, .some):
        // The handler wants to read.
        state.place = .body
        served.grant(bytes: 0)
        return (.goOn, false)
      case (.body, _):
        state.place = .end
        return (suspend(&state), state.task == nil)
      case (.end, _):
        return (suspend(&state), false)
      }
    }
    if case .wait = action { prepareBody() }
    if starts { start() }
    return action
  }

  /// The connection waits: for a reader before the body, for the answer after it.
  private func prepareBody() {
    guard let body else { return }
    if state.withLock({ $0.place == .end }) { body.end() } else { body.pause { [self] in resume() } }
  }

  /// In the lock: whoever answers or reads next sees that it is suspended, and not before it is.
  private func suspend(_ state: inout State) -> Action {
    state.isSuspended = true
    served.pause()
    connection.suspend()
    return .wait
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Action {
    let isWanted = state.withLock { $0.answer == nil && !$0.isOver }
    served.progress(bytes: bytes.count)
    guard isWanted else { return discard(bytes.count) }
    if let body {
      switch body.receive(bytes) {
      case .taken: return .goOn
      case .tooLong: return discard(bytes.count)
      case .full:
        let action = state.withLock { state in state.answer == nil && !state.isOver ? suspend(&state) : .goOn }
        if case .wait = action { body.pause { [self] in resume() } }
        return action
      }
    }
    guard case .suspending(let limit, _) = handler else { return .cutOff }
    return state.withLock { state in
      guard state.request.body.count + bytes.count <= limit else {
        state.request.body = []
        state.answer = HTTPProblem(413, "expected a body of at most \(limit) bytes, came more").response
        return .goOn
      }
      state.request.body.append(contentsOf: bytes)
      return .goOn
    }
  }

  private func discard(_ count: Int) -> Action {
    state.withLock { state in
      state.discarded += count
      return state.discarded <= Self.mostDiscarded ? .goOn : .cutOff
    }
  }

  private func start() {
    let request = state.withLock { $0.request }
    let task = Task { [self] in answer(with: await response(to: request)) }
    let isOver = state.withLock { state in
      state.task = task
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  private func response(to request: Request) async -> Response {
    do {
      switch handler {
      case .suspending(_, let handle): return try await handle(request)
      case .streaming(_, let handle):
        guard let body else { break }
        return try await handle(request, body)
      case .immediate: break
      }
    } catch let problem as HTTPProblem {
      return problem.response
    } catch {
      if !(error is CancellationError), !(error is ConnectionLost) { core.configuration.onFailure(error) }
    }
    return HTTPProblem(500, "the request failed; what went wrong is in the server's log").response
  }

  private func answer(with response: Response) {
    let isSuspended = state.withLock { state in
      guard !state.isOver else { return false }
      state.answer = response
      defer { state.isSuspended = false }
      return state.isSuspended
    }
    if isSuspended { connection.resume() }
  }

  /// Reads on, or answers.
  private func resume() {
    let isSuspended = state.withLock { state in
      defer { state.isSuspended = false }
      return state.isSuspended
    }
    if isSuspended { connection.resume() }
  }

  /// The answer is sent, or the client is gone.
  func complete() { finish { $0.isOver = true } }

  /// The server stops: answers in the handler's place, and lets nothing be suspended any more.
  func abort() {
    finish { state in
      if state.stream == nil { state.answer = HTTPProblem(503, "the server is stopping").response }
      state.isOver = true
    }
    state.withLock { $0.stream }?.breakOff()
    resume()
  }

  private func finish(_ change: (inout State) -> Void) {
    let task = state.withLock { state in
      change(&state)
      return state.task
    }
    body?.end(throwing: ConnectionLost())
    task?.cancel()
  }
}

internal import CMicroHTTPD
internal import HTTPFields
internal import Synchronization

/// What the daemon's calls work with: the routes, and the connections that are open.
final class ServerCore: Sendable {
  let configuration: HTTPServer.Configuration
  private let router: Router
  private let connections = Mutex<[ObjectIdentifier: ServedConnection]>([:])
  private let phase = Atomic(Phase.serving.rawValue)

  private enum Phase: Int {
    case serving
    /// Answers end their connections.
    case draining
    /// Nothing may begin or wait any more.
    case aborting
  }

  init(configuration: HTTPServer.Configuration, routes: [Route]) {
    self.configuration = configuration
    router = Router(routes)
  }

  var isDraining: Bool { phase.load(ordering: .sequentiallyConsistent) != Phase.serving.rawValue }
  private var isAborting: Bool { phase.load(ordering: .sequentiallyConsistent) == Phase.aborting.rawValue }

  // MARK: The daemon's calls

  /// A connection was opened.
  ///
  /// - Returns: what belongs to it; retained by the registry until it is closed.
  func open(_ descriptor: Int32) -> ServedConnection {
    let served = ServedConnection(descriptor: descriptor, limits: configuration.limits)
    connections.withLock { $0[ObjectIdentifier(served)] = served }
    return served
  }

  /// A connection is about to be closed: its descriptor must not be used after this.
  func close(_ served: ServedConnection) {
    connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(served)) }
  }

  /// A request's head came.
  ///
  /// One without a body is left until it is complete: the daemon closes the connection after an answer that it is
  /// given before.
  func receiveHead(
    _ method: String, _ path: String, on connection: DaemonConnection, slot: inout UnsafeMutableRawPointer?
  ) -> MHD_Result {
    guard connection.announcesBody else {
      slot = headMark
      return .YES
    }
    return begin(method, path, on: connection, slot: &slot)
  }

  /// What the slot holds of a request that has no body, between its head and its end: this very object, not retained.
  var headMark: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Answers a request or leaves its exchange in the slot, which retains it.
  func begin(
    _ method: String, _ path: String, on connection: DaemonConnection, slot: inout UnsafeMutableRawPointer?
  ) -> MHD_Result {
    slot = nil
    guard let served = connection.served, !isAborting else { return .NO }
    served.beginRequest()
    do throws(HTTPProblem) {
      let length = try connection.bodyLength()
      switch try router.match(method, path) {
      case .notFound: throw HTTPProblem(404, "there is nothing at this path")
      case .wrongMethod(let allowed):
        let list = allowed.joined(separator: ", ")
        throw HTTPProblem(405, "expected one of \(list)", headers: ["Allow": list])
      case .found(let route, let parameters):
        if case .immediate(let handle) = route.handler {
          try refuse(length, above: 0)
          let request = ImmediateRequest(method: method, path: path, parameters: parameters, connection: connection)
          return queue(handle(request), method, on: connection)
        }
        try refuse(length, above: route.bodyLimit)
        let request = Request(
          method: method, path: path, parameters: parameters, query: try connection.query(),
          headers: connection.headers)
        let exchange = Exchange(
          request, handler: route.handler, connection: connection, served: served, core: self,
          hasBody: connection.announcesBody)
        slot = Unmanaged.passRetained(exchange).toOpaque()
        served.current = exchange
        // Whoever aborts sees the exchange, or we see the abortion.
        if isAborting { exchange.abort() }
        return exchange.proceed(UnsafeRawBufferPointer(start: nil, count: 0))
      }
    } catch {
      return queue(error.response, method, on: connection)
    }
  }

  /// A request is completed: its answer was sent, or its connection ended.
  func complete(_ exchange: Exchange?, on connection: DaemonConnection) {
    connection.served?.current = nil
    connection.served?.awaitHead()
    exchange?.complete()
  }

  private func queue(_ response: Response, _ method: String, on connection: DaemonConnection) -> MHD_Result {
    response.queue(on: connection, isHead: method == "HEAD", closes: isDraining).result
  }

  private func refuse(_ length: DaemonConnection.BodyLength, above limit: Int64) throws(HTTPProblem) {
    switch length {
    case .known(let length) where length > limit:
      throw HTTPProblem(413, "expected a body of at most \(limit) bytes, came \(length)")
    case .unknown where limit == 0: throw HTTPProblem(413, "expected no body")
    default: return
    }
  }

  // MARK: From outside

  /// Cuts off clients that take too long. The lock keeps their descriptors from being closed meanwhile.
  func cutLateConnections() {
    connections.withLock { for served in $0.values where served.isLate { served.cut() } }
  }

  /// Lets nothing begin but what has come already.
  func drain() {
    phase.store(Phase.draining.rawValue, ordering: .sequentiallyConsistent)
    connections.withLock { for served in $0.values where served.isIdle { served.stopReading() } }
  }

  /// Ends all that still runs, and lets nothing be suspended any more.
  func abort() {
    phase.store(Phase.aborting.rawValue, ordering: .sequentiallyConsistent)
    let open = connections.withLock { Array($0.values) }
    for served in open { served.current?.abort() }
  }

  /// How many connections are open.
  var connectionCount: Int { connections.withLock { $0.count } }
}

extension Route {
  fileprivate var bodyLimit: Int64 {
    switch handler {
    case .immediate: 0
    case .suspending(let limit, _): Int64(limit)
    case .streaming(let limit, _): limit
    }
  }
}

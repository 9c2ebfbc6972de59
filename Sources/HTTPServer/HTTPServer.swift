internal import Concurrency
internal import Glibc

/// A server for HTTP/1.1: libmicrohttpd's threads wait for sockets and run no handler that takes time; those are async
/// code, and while they are awaited a connection costs no thread.
///
///     let server = try HTTPServer(configuration, routes: [
///       .immediate("GET", "/health/live") { _ in Response("ok") },
///       .suspending("GET", "/assets/{id}") { request in try await read(request.parameters["id"]) },
///     ])
///     try await server.run()
package final class HTTPServer: Service {
  package let name = "http"
  /// Where it listens.
  package let address: String
  package let port: UInt16
  private let socket: ListeningSocket
  private let core: ServerCore

  private static let sweep = Duration.seconds(1)

  /// Listens from now on; connections are accepted by ``run()``.
  ///
  /// - Precondition: each method and pattern has one route.
  package init(_ configuration: Configuration, routes: [Route]) throws(HTTPServerError) {
    socket = try ListeningSocket(address: configuration.address, port: configuration.port)
    address = configuration.address
    port = socket.port
    core = ServerCore(configuration: configuration, routes: routes)
  }

  /// Open connections.
  package var connectionCount: Int { core.connectionCount }

  /// Serves until the task is cancelled. Then nothing more is accepted; what is being answered may go on for the grace
  /// time, and is broken off after it. Call it once.
  package func run() async throws {
    guard let daemon = Daemon(socket: socket, core: core) else {
      close(socket.descriptor)
      throw HTTPServerError.cannotStart
    }
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.sweep)
      core.cutLateConnections()
    }
    // The cancellation must not shorten the grace time.
    await Task { await self.stop(daemon) }.value
  }

  private func stop(_ daemon: Daemon) async {
    close(daemon.quiesce())
    core.drain()
    let end = ContinuousClock.now + core.configuration.limits.grace
    while core.connectionCount > 0, ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(20))
      core.cutLateConnections()
    }
    core.abort()
    await daemon.stop()
  }
}

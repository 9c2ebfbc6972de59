import HTTPServer
import TestSupport

/// A server with these routes, running while the body runs.
func withServer(
  _ routes: [Route], limits: HTTPServer.Limits = HTTPServer.Limits(),
  _ body: (HTTPServer) async throws -> Void
) async throws {
  var configuration = HTTPServer.Configuration()
  configuration.limits = limits
  let server = try HTTPServer(configuration, routes: routes)
  let running = Task { try await server.run() }
  do { try await body(server) } catch {
    running.cancel()
    _ = try? await running.value
    throw error
  }
  running.cancel()
  try await running.value
}

internal import FoundationEssentials

/// Runs `body` with the URL of a fresh virtual host of a real broker, and deletes the virtual host afterwards.
///
/// Each call has its own, so tests run in parallel. Deleting it closes the connections that are still open in it.
package func withBroker<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  try await withBroker(at: try TestService.broker.url(), managedBy: try BrokerAPI(), body)
}

/// As ``withBroker(_:)``, on the broker at a URL.
package func withBroker<Result>(
  at base: String, managedBy api: BrokerAPI, _ body: (String) async throws -> Result
) async throws -> Result {
  let name = "reelmill-test-\(UUID().uuidString)"
  guard var url = URLComponents(string: base), let user = url.user else {
    throw BrokerAPI.Failure(
      description: "the broker: expected a URL with a user, as in amqp://guest:guest@127.0.0.1:5672/")
  }
  url.path = "/\(name)"
  guard let text = url.string else { throw BrokerAPI.Failure(description: "\(name): cannot be a URL's path") }

  do {
    try await api.makeVirtualHost(name, for: user)
    let result = try await body(text)
    try await api.send("DELETE", "vhosts/\(name)")
    return result
  } catch {
    // A cancelled test cannot wait for the broker any more: a task of its own cleans up, and its failure tells nothing
    // beside the error that is already on its way.
    _ = try? await Task { try await api.send("DELETE", "vhosts/\(name)") }.value
    throw error
  }
}

extension BrokerAPI {
  /// Makes a virtual host, in which the user may do everything.
  package func makeVirtualHost(_ name: String, for user: String) async throws {
    try await send("PUT", "vhosts/\(name)")
    try await send("PUT", "permissions/\(name)/\(user)", body: #"{"configure":".*","write":".*","read":".*"}"#)
  }
}

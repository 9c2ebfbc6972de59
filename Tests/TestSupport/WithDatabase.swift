internal import Concurrency
internal import FoundationEssentials
internal import PostgreSQL

/// Runs `body` with the URL of a fresh, empty schema in a real database, and drops the schema afterwards.
///
/// Each call has its own, so tests run in parallel. The URL sets the search path to that schema and `public`, where
/// extensions live.
package func withDatabase<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  try await withDatabase(at: try TestService.database.url(), body)
}

/// As ``withDatabase(_:)``, in the database at a URL.
package func withDatabase<Result>(
  at base: String, _ body: (String) async throws -> Result
) async throws -> Result {
  let schema = "reelmill_test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
  let separator = base.contains("?") ? "&" : "?"
  let url = "\(base)\(separator)options=-csearch_path%3D\(schema),public"

  try await execute("create schema \(identifier: schema)", at: base)
  do {
    let result = try await body(url)
    try await execute("drop schema \(identifier: schema) cascade", at: base)
    return result
  } catch {
    // A cancelled test cannot wait for the database any more: a task of its own cleans up, and its failure tells
    // nothing beside the error that is already on its way.
    _ = try? await Task { try await execute("drop schema \(identifier: schema) cascade", at: base) }.value
    throw error
  }
}

private func execute(_ statement: SQL, at url: String) async throws {
  let loop = EventLoop(name: "test-database")
  defer { loop.stop() }
  let connection = try await PostgresConnection.connect(PostgresConfiguration(url: url), on: loop)
  try await connection.query(statement)
  await connection.close()
}

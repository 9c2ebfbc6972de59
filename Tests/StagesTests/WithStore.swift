import Concurrency
import Engine
import PostgreSQL
import Search
import TestSupport

/// Runs `body` with a store of vectors in a database of its own.
func withStore<Value>(_ body: (EmbeddingStore) async throws -> Value) async throws -> Value {
  try await withDatabase { url in
    let loop = EventLoop(name: "test-stages")
    defer { loop.stop() }
    let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
    do {
      _ = try await Migrator(client: client).migrate(definitions: [])
      let value = try await body(EmbeddingStore(database: client))
      await client.close()
      return value
    } catch {
      await client.close()
      throw error
    }
  }
}

import Concurrency
import PostgreSQL
import TestSupport

/// Runs `body` with a connection to a schema of its own.
func withConnection<Value>(
  configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresConnection) async throws -> Value
) async throws -> Value {
  try await withDatabase { url in
    let loop = EventLoop(name: "test-postgres")
    defer { loop.stop() }
    var configuration = try PostgresConfiguration(url: url)
    configure(&configuration)
    let connection = try await PostgresConnection.connect(configuration, on: loop)
    do {
      let value = try await body(connection)
      await connection.close()
      return value
    } catch {
      await connection.close()
      throw error
    }
  }
}

/// Runs `body` with a client of a schema of its own.
func withClient<Value>(
  limits: PostgresClient.Limits = PostgresClient.Limits(),
  configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> Value
) async throws -> Value {
  try await withDatabase { url in
    let loop = EventLoop(name: "test-postgres")
    defer { loop.stop() }
    var configuration = try PostgresConfiguration(url: url)
    configure(&configuration)
    let client = PostgresClient(configuration, limits: limits, on: loop)
    do {
      let value = try await body(client)
      await client.close()
      return value
    } catch {
      await client.close()
      throw error
    }
  }
}

/// The error that `body` throws, if it is PostgreSQL's.
func postgresError(_ body: () async throws -> Void) async throws -> PostgresError? {
  do {
    try await body()
    return nil
  } catch let error as PostgresError {
    return error
  }
}

/// The error of a transaction that must not succeed.
func transactionError(
  _ body: () async throws(PostgresTransactionError<any Error>) -> Void
) async -> PostgresTransactionError<any Error>? {
  do throws(PostgresTransactionError<any Error>) {
    try await body()
    return nil
  } catch {
    return error
  }
}

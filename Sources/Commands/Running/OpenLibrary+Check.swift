internal import AMQP
internal import Engine
internal import PostgreSQL

extension OpenLibrary {
  /// Makes sure that the database answers: the client would wait for it, people should be told.
  ///
  /// - Throws: ``CommandFailure`` that says what to do.
  func checkDatabase(needsSchema: Bool) async throws(CommandFailure) {
    let missing: [String]
    do throws(PostgresError) {
      let configuration = try Self.configuration(databaseURL, usesPooler: usesPooler, name: "reelmill")
      await (try await PostgresConnection.connect(configuration, on: loop)).close()
      missing = needsSchema ? try await Migrator(client: client).pending() : []
    } catch {
      throw CommandFailure(.unavailable, "\(error)")
    }
    guard missing.isEmpty else {
      throw CommandFailure(
        .unavailable, "the database lacks \(missing.joined(separator: ", ")): run `reelmill migrate` first")
    }
  }

  /// Makes sure that the broker answers, before a worker begins that would wait for it.
  ///
  /// - Throws: ``CommandFailure`` that says what to do.
  func checkBroker() async throws(CommandFailure) {
    do throws(AMQPError) {
      await (try await AMQPConnection.connect(to: brokerURL, on: loop)).close()
    } catch {
      throw CommandFailure(.unavailable, "\(error)")
    }
  }
}

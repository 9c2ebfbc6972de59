internal import FoundationEssentials

/// A service that tests use for real, and the environment variable that says where it is.
package enum TestService: String, Sendable {
  /// RabbitMQ, for instance `amqp://guest:guest@127.0.0.1:5672/`.
  case broker = "REELMILL_TEST_AMQP_URL"
  /// RabbitMQ's management API, for instance `http://guest:guest@127.0.0.1:15672/api`.
  case brokerAPI = "REELMILL_TEST_BROKER_API"
  /// PostgreSQL with pgvector, for instance `postgresql://postgres@127.0.0.1:5432/postgres`.
  case database = "REELMILL_TEST_DATABASE_URL"

  /// Where the service is.
  ///
  /// - Throws: ``MissingTestService`` if the variable is not set: a test that needs a service fails without it.
  package func url() throws(MissingTestService) -> String {
    guard let url = ProcessInfo.processInfo.environment[rawValue], !url.isEmpty else {
      throw MissingTestService(service: self)
    }
    return url
  }
}

/// A test needs a service that it was not told of.
package struct MissingTestService: Error, CustomStringConvertible {
  let service: TestService

  package var description: String {
    "\(service.rawValue) is not set, and this test needs that service: run the tests with scripts/test, "
      + "which starts private services, or set it to the URL of one of your own"
  }
}

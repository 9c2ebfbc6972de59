/// Where the embedded services answer. All are on the loopback interface; the URLs carry generated passwords.
package struct Endpoints: Sendable, Equatable {
  /// The broker, as in `amqp://user:password@127.0.0.1:port/`.
  package let amqpURL: String
  /// The database `reelmill`, with pgvector in it, as in `postgresql://user:password@127.0.0.1:port/reelmill`.
  package let databaseURL: String
  /// The broker's management API; only if it was asked for.
  package let managementURL: String?
  /// The broker's metrics.
  package let prometheusURL: String
}

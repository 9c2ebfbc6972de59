extension AMQPConnection {
  /// Limits of a connection, and the name it goes by.
  package struct Options: Sendable {
    /// What the broker shows for the connection.
    package var clientName = "swift-amqp"
    /// For looking the name up, connecting and logging in together.
    package var connectTimeout: Duration = .seconds(10)
    /// For the answer to one call: a declaration, a count, the start of a consumer.
    package var callTimeout: Duration = .seconds(10)
    /// For the broker's answer to a good-bye.
    package var closeTimeout: Duration = .seconds(3)
    /// Messages sent and not confirmed; more wait.
    package var publishWindow = 2048
    /// The largest message that is taken, in bytes; RabbitMQ 3.10 allows 128 MiB.
    package var maximumBodySize = 1 << 27

    package init() {}
  }
}

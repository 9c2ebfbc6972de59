internal import AMQP
internal import Arguments
internal import Concurrency
internal import Text

/// One hop: takes messages from a queue, publishes each to another, acknowledges it once that is confirmed.
///
/// A batch of deliveries is published as a batch, each is acknowledged with its own confirm, and the next batch is taken
/// meanwhile.
struct HopCommand: Command {
  private static let source = Positional("source", .text, help: "The queue that is filled.")
  private static let destination = Positional("destination", .text, help: "The queue to publish to.")
  private static let count = Positional("count", .integer(1...), help: "How many messages to move.")
  private static let prefetch = Option("prefetch", .integer(1...65_535), default: 64, help: "Messages taken ahead.")
  private static let stays = Flag("stay", help: "Run until terminated, so that a harness can read the CPU time.")

  let declaration = CommandDeclaration(
    "hop", summary: "consume, publish, await the confirm, acknowledge",
    arguments: [
      BrokerArguments.url, Self.source, Self.destination, Self.count, Self.prefetch, BrokerArguments.queueType,
      Self.stays,
    ])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    let loop = EventLoop(name: "hop")
    let url = try AMQPURL(arguments[BrokerArguments.url])
    let consuming = try await AMQPConnection.connect(to: url, on: loop)
    let publishing = try await AMQPConnection.connect(to: url, on: loop)
    let (source, destination) = (arguments[Self.source], arguments[Self.destination])
    for queue in [source, destination] {
      try await BrokerArguments.declare(queue, type: arguments[BrokerArguments.queueType], on: consuming)
    }
    let consumer = try await consuming.consume(queue: source, prefetch: UInt16(arguments[Self.prefetch]))
    let count = arguments[Self.count]
    let work = Task(executorPreference: loop.taskExecutor) {
      try await Self.move(count, from: consumer, to: destination, over: publishing)
    }
    let measurement = try await work.value
    measurement.report("hop", count: count)
    if arguments[Self.stays] { for await _ in Signals.stream(of: [.terminate, .interrupt]) { break } }
    await consuming.close()
    await publishing.close()
  }

  /// - Returns: what was measured from the first delivery to the last acknowledgement.
  @concurrent
  private static func move(
    _ count: Int, from consumer: AMQPConsumer, to destination: String, over connection: AMQPConnection
  ) async throws -> Measurement {
    var measurement: Measurement?
    try await withThrowingDiscardingTaskGroup { group in
      var taken = 0
      while taken < count, let batch = try await consumer.nextBatch() {
        measurement = measurement ?? Measurement()
        taken += batch.count
        group.addTask { try await forward(batch, from: consumer, to: destination, over: connection) }
      }
    }
    guard let measurement else { throw AMQPError.closed }
    return measurement
  }

  private static func forward(
    _ batch: [AMQPDelivery], from consumer: AMQPConsumer, to destination: String, over connection: AMQPConnection
  ) async throws {
    let messages = batch.map { OutgoingMessage(exchange: "", routingKey: destination, body: $0.body) }
    let outcomes = try await connection.publish(messages) { indices, outcome in
      if outcome == .confirmed { consumer.ackOnLoop(batch[indices].map(\.tag)) }
    }
    guard outcomes.allSatisfy({ $0 == .confirmed }) else { throw AMQPError.closed }
  }
}

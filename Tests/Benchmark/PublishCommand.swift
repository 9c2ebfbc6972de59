internal import AMQP
internal import Arguments
internal import Concurrency
internal import Text

/// Publishes small persistent messages and awaits each one's confirm, with a window of unconfirmed ones.
struct PublishCommand: Command {
  private static let queue = Positional("queue", .text, help: "The queue; its messages are thrown away first.")
  private static let count = Positional("count", .integer(1...), help: "How many messages to publish.")
  private static let window = Option("window", .integer(1...), default: 256, help: "Messages not confirmed at a time.")

  let declaration = CommandDeclaration(
    "publish", summary: "publish, await every message's confirm",
    arguments: [BrokerArguments.url, Self.queue, Self.count, Self.window, BrokerArguments.queueType])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    let loop = EventLoop(name: "publish")
    let queue = arguments[Self.queue]
    var options = AMQPConnection.Options()
    options.publishWindow = arguments[Self.window]
    let connection = try await AMQPConnection.connect(
      to: try AMQPURL(arguments[BrokerArguments.url]), on: loop, options: options)
    try await BrokerArguments.declare(queue, type: arguments[BrokerArguments.queueType], on: connection)
    _ = try await connection.purgeQueue(queue)
    let count = arguments[Self.count]
    let work = Task(executorPreference: loop.taskExecutor) {
      try await Self.publish(count, to: queue, over: connection)
    }
    try await work.value.report("publish", count: count)
    await connection.close()
  }

  /// Two batches of calls are under way at a time, so that the window is full while the next messages are made.
  @concurrent
  private static func publish(
    _ count: Int, to queue: String, over connection: AMQPConnection
  ) async throws -> Measurement {
    let measurement = Measurement()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, start) in stride(from: 0, to: count, by: batchSize).enumerated() {
        if number > 1 { try await group.next() }
        group.addTask {
          let messages = (start..<min(start + batchSize, count)).map { message($0, to: queue) }
          let outcomes = try await connection.publish(messages)
          guard outcomes.allSatisfy({ $0 == .confirmed }) else { throw AMQPError.closed }
        }
      }
      try await group.waitForAll()
    }
    return measurement
  }

  private static let batchSize = 256

  /// The peers' message: 220 bytes of JSON.
  private static func message(_ number: Int, to queue: String) -> OutgoingMessage {
    let digits = String(number)
    let padded = String("00000000".dropLast(digits.count)) + digits
    var body: [UInt8] = []
    body.reserveCapacity(220)
    body +=
      #"{"asset_id": \#(number), "rev": 1, "kind": "image", "uri": "s3://bucket/assets/\#(padded).jpg", "pad": ""#.utf8
    body += repeatElement(UInt8(ascii: "x"), count: max(0, 218 - body.count))
    body += #""}"#.utf8
    return OutgoingMessage(
      exchange: "", routingKey: queue, properties: MessageProperties(contentType: "application/json"), body: body)
  }
}

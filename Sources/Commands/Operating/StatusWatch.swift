internal import AMQP
internal import Concurrency
internal import JSON
internal import Operations
internal import Pipeline
internal import PostgreSQL

/// `reelmill status --watch`: looks again and again until it is interrupted.
struct StatusWatch: Sendable {
  let library: OpenLibrary
  let context: CommandContext
  let interval: Duration

  /// Ends when SIGINT or SIGTERM comes.
  ///
  /// - Throws: what keeps it from asking the database. A broker that cannot be asked is shown instead.
  func follow() async throws {
    let signals = Signals.stream(of: [.interrupt, .terminate])
    let watching = Task { try await look() }
    let stopping = Task {
      for await _ in signals { watching.cancel() }
    }
    defer { stopping.cancel() }
    do { try await watching.value } catch {
      guard watching.isCancelled else { throw error }
    }
  }

  private func look() async throws {
    let pipeline = try library.pipeline
    var reader = ActivityReader(try library.operations)
    var trend = ActivityTrend()
    var block = context.liveBlock()
    while true {
      var failure: AMQPError?
      var broker: BrokerStatus?
      do throws(AMQPError) { broker = try await library.brokerStatus(of: pipeline) } catch { failure = error }
      var sample = try await reader.read(broker: broker)
      sample.brokerFailure = failure.map { "\($0)" }
      let report = trend.add(sample)
      context.wantsJSON ? context.print(report.json) : block.show(StatusView(report).text(for: context.output))
      try await Task.sleep(for: interval)
    }
  }
}

package import HTTPClient

/// How many messages are delivered and not acknowledged, queue by queue, as RabbitMQ's plugin `rabbitmq_prometheus`
/// says. AMQP itself does not tell.
package struct BrokerMetrics: Sendable, Equatable {
  private struct Queue: Hashable {
    let vhost: String
    let name: String
  }

  private var counts: [Queue: Int] = [:]

  private static let metric = "rabbitmq_detailed_queue_messages_unacked"
  /// About 50,000 queues.
  private static let sizeLimit = 64 << 20

  /// Reads the plugin's text format (https://prometheus.io/docs/instrumenting/exposition_formats/). Lines that say
  /// something else are passed over.
  package init(parsing text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      guard let sample = PrometheusSample(line), sample.name == Self.metric, let vhost = sample.labels["vhost"],
        let queue = sample.labels["queue"], sample.value >= 0, let count = Int(exactly: sample.value)
      else { continue }
      counts[Queue(vhost: vhost, name: queue)] = count
    }
  }

  /// Asks the plugin.
  ///
  /// - Parameter base: where it listens, such as `http://127.0.0.1:15692`.
  /// - Throws: ``BrokerMetricsFailure`` with what to do.
  package static func read(from base: String, with client: HTTPClient) async throws(BrokerMetricsFailure) -> Self {
    let base = base.hasSuffix("/") ? String(base.dropLast()) : base
    let request = HTTPRequest(
      "GET", "\(base)/metrics/detailed?family=queue_coarse_metrics", deadline: .seconds(10))
    let response: HTTPResponse
    do throws(HTTPClientError) {
      response = try await client.send(request, limit: sizeLimit)
    } catch {
      throw BrokerMetricsFailure(description: "the broker's metrics cannot be read: \(error)")
    }
    guard response.isSuccess else {
      throw BrokerMetricsFailure(
        description: """
          the broker's metrics cannot be read: \(base) answered \(response.status); expected the plugin \
          rabbitmq_prometheus of RabbitMQ 3.10 or later
          """)
    }
    return BrokerMetrics(parsing: String(decoding: response.body, as: UTF8.self))
  }

  /// The messages of a queue that are delivered and not acknowledged; nil for a queue that was not mentioned.
  package func unacknowledged(in queue: String, vhost: String) -> Int? { counts[Queue(vhost: vhost, name: queue)] }
}

/// Why the broker's metrics are not known.
package struct BrokerMetricsFailure: Error, CustomStringConvertible {
  package let description: String
}

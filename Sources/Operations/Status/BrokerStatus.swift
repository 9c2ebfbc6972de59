package import AMQP
internal import Engine
package import JSON
package import Pipeline

/// What stands in the broker's queues.
package struct BrokerStatus: Sendable, Equatable {
  /// What one queue holds.
  package struct Depth: Sendable, Equatable {
    /// Messages that wait for a consumer.
    package let ready: Int
    package let consumers: Int
    /// Messages delivered and not acknowledged; nil if nobody could be asked.
    package let unacknowledged: Int?

    package init(ready: Int, consumers: Int, unacknowledged: Int? = nil) {
      self.ready = ready
      self.consumers = consumers
      self.unacknowledged = unacknowledged
    }
  }

  /// The queues of one stage; a queue that does not stand is nil.
  package struct StageQueues: Sendable, Equatable {
    package let stage: StageName
    package let live: Depth?
    package let bulk: Depth?
    package let dead: Depth?
  }

  /// `dispatch`, then the stages in the order of the pipeline.
  package let stages: [StageQueues]
  /// Messages that no queue wanted: a producer's typo.
  package let unroutable: Depth?

  /// Looks at the queues of a pipeline. What is ready is exact; `metrics` adds what is unacknowledged, as of some
  /// seconds ago.
  package static func read(
    of pipeline: PipelineGraph, from connection: AMQPConnection, metrics: BrokerMetrics? = nil
  ) async throws(AMQPError) -> BrokerStatus {
    var stages: [StageQueues] = []
    for stage in [.dispatch] + pipeline.stages.map(\.name) {
      stages.append(
        StageQueues(
          stage: stage,
          live: try await depth(of: Topology.queue(stage, .live), connection, metrics),
          bulk: try await depth(of: Topology.queue(stage, .bulk), connection, metrics),
          dead: try await depth(of: Topology.deadLetterQueue(stage), connection, metrics)))
    }
    return BrokerStatus(stages: stages, unroutable: try await depth(of: Topology.unroutable, connection, metrics))
  }

  private static func depth(
    of queue: String, _ connection: AMQPConnection, _ metrics: BrokerMetrics?
  ) async throws(AMQPError) -> Depth? {
    do throws(AMQPError) {
      let status = try await connection.inspectQueue(queue)
      return Depth(
        ready: status.ready, consumers: status.consumers,
        unacknowledged: metrics?.unacknowledged(in: queue, vhost: connection.url.vhost))
    } catch .channelClosed(code: 404, _) {
      return nil
    }
  }
}

extension BrokerStatus {
  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "stages": .array(stages.map(\.json)), "unroutable": unroutable?.json ?? .null,
    ]
  }
}

extension BrokerStatus.StageQueues {
  fileprivate var json: JSON {
    [
      "stage": .string(stage.rawValue), "live": live?.json ?? .null, "bulk": bulk?.json ?? .null,
      "dead": dead?.json ?? .null,
    ]
  }
}

extension BrokerStatus.Depth {
  fileprivate var json: JSON {
    ["ready": .count(ready), "consumers": .count(consumers), "unacknowledged": .count(unacknowledged)]
  }
}

internal import AMQP
internal import Engine
internal import Pipeline

/// What was found of the broker.
package struct BrokerFindings: Sendable, Equatable {
  /// What it calls itself, such as `RabbitMQ`.
  package var product: String?
  package var version: SoftwareVersion?
  /// Queues of ours that do not stand.
  package var missingQueues: [String]
  /// What stands with other arguments than ours, in the broker's words.
  package var mismatch: String?

  private static let minimum = SoftwareVersion(3, 10)

  package init(
    product: String? = nil, version: SoftwareVersion? = nil, missingQueues: [String] = [], mismatch: String? = nil
  ) {
    self.product = product
    self.version = version
    self.missingQueues = missingQueues
    self.mismatch = mismatch
  }

  /// The checks that follow from it.
  package func judge() -> [Check] { [judgeServer(), judgeTopology()] }

  private func judgeServer() -> Check {
    let name = product ?? "unknown product"
    guard let version else { return .skip("broker", "\(name) does not say its version") }
    guard version >= Self.minimum else {
      return .fail(
        "broker", "\(name) \(version); expected RabbitMQ \(Self.minimum) or later",
        fix: "upgrade the broker, or point REELMILL_AMQP_URL to another")
    }
    return .pass("broker", "\(name) \(version)")
  }

  private func judgeTopology() -> Check {
    if let mismatch {
      return .fail(
        "topology", mismatch,
        fix: "drain and delete what is named, then start a worker, which makes it as it should be")
    }
    guard missingQueues.isEmpty else {
      return .warn(
        "topology", "\(missingQueues.count) queues do not stand, such as \(missingQueues[0])",
        fix: "start a worker: reelmill work declares what is missing")
    }
    return .pass("topology", "as it should be")
  }
}

extension BrokerFindings {
  /// Looks at the broker and makes nothing in it: only what stands is compared, by declaring it as it should be.
  static func probe(
    _ connection: AMQPConnection, topology: Topology
  ) async throws(AMQPError) -> BrokerFindings {
    let properties = await connection.serverProperties
    var findings = BrokerFindings()
    if case .string(let product) = properties["product"] { findings.product = product }
    if case .string(let version) = properties["version"] { findings.version = SoftwareVersion(in: version) }
    for queue in topology.queues {
      do throws(AMQPError) {
        _ = try await connection.inspectQueue(queue.name)
        try await connection.declareQueue(queue.name, arguments: queue.arguments)
      } catch .channelClosed(code: 404, _) {
        findings.missingQueues.append(queue.name)
      } catch .preconditionFailed(let kind, let name, let argument, let text) {
        let error = AMQPError.preconditionFailed(kind: kind, name: name, argument: argument, text: text)
        findings.mismatch = findings.mismatch ?? "\(error)"
      }
    }
    return findings
  }
}

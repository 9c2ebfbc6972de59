package import AMQP
package import Pipeline

/// The exchanges, queues and bindings that a pipeline needs: the same for RabbitMQ 3.10 to 4.x.
///
/// What is declared never changes under a name: arguments of a standing queue cannot be changed.
package struct Topology: Sendable {
  package struct Queue: Sendable, Equatable {
    package let name: String
    package let arguments: FieldTable
    /// Exchange and routing key pattern.
    package let bindings: [Binding]
  }

  package struct Binding: Sendable, Equatable {
    package let exchange: String
    package let pattern: String
  }

  /// A delivery limit well above our own attempts: what reaches it has killed its worker again and again.
  static let deliveryLimit: Int64 = 50

  /// Keeps what no queue is bound to, so that a foreign producer's typo is seen and not lost.
  package static let unroutable = "reelmill.unroutable"
  /// Invalidations and progress; transient.
  package static let events = "reelmill.events"

  package let stages: [StageDeclaration]

  package init(stages: [StageDeclaration]) { self.stages = stages }

  package static func exchange(_ lane: Lane) -> String { "reelmill.\(lane.rawValue)" }
  package static func queue(_ stage: StageName, _ lane: Lane) -> String { "\(stage).\(lane.rawValue)" }
  package static func deadLetterQueue(_ stage: StageName) -> String { "\(stage).dead" }

  /// Whose dead-letter queue it is; nil for the queue of what cannot be routed.
  func stage(ofDeadLetterQueue queue: String) -> StageName? {
    ([.dispatch] + stages.map(\.name)).first { Self.deadLetterQueue($0) == queue }
  }

  /// Every queue, dead-letter queues first: what is dead-lettered must find its target.
  package var queues: [Queue] {
    let names = [StageName.dispatch] + stages.map(\.name)
    let dead = names.map { name in
      Queue(name: Self.deadLetterQueue(name), arguments: Self.quorum, bindings: [])
    }
    let unroutable = Queue(
      name: Self.unroutable, arguments: Self.quorum,
      bindings: [Binding(exchange: Self.unroutable, pattern: "#")])
    let working = names.flatMap { name in
      Lane.allCases.map { lane in
        Queue(
          name: Self.queue(name, lane),
          arguments: Self.quorum.merging(Self.deadLettering(to: Self.deadLetterQueue(name))) { $1 },
          bindings: patterns(of: name).map { Binding(exchange: Self.exchange(lane), pattern: $0) })
      }
    }
    return dead + [unroutable] + working
  }

  /// The routing keys that a stage serves.
  private func patterns(of name: StageName) -> [String] {
    guard let stage = stages.first(where: { $0.name == name }) else {
      // A producer that leaves the stage out may leave it out of the routing key as well.
      return RequestedStage.entries.map { "*.\($0.wireName)" } + ["*"]
    }
    var mediaTypes = Set(stage.reads.keys)
    // A key frame is a picture: producers may call it so.
    if mediaTypes.contains(.keyframe) { mediaTypes.insert(.image) }
    return mediaTypes.map { "\($0.rawValue).\(name)" }.sorted()
  }

  private static let quorum: FieldTable = ["x-queue-type": "quorum"]

  /// Dead-lettering that loses nothing needs all of these; without reject-publish RabbitMQ silently falls back to a
  /// way that does.
  private static func deadLettering(to queue: String) -> FieldTable {
    [
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": .string(queue),
      "x-dead-letter-strategy": "at-least-once",
      "x-delivery-limit": .integer(deliveryLimit),
      "x-overflow": "reject-publish",
    ]
  }
}

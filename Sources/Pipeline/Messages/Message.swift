package import JSON

/// The one standard message: a doorbell, never an order. Whoever takes it looks into the database for what to do.
///
/// The contract with every producer is schemas/messages/message.schema.json.
package struct Message: Sendable, Equatable {
  package var asset: AssetID
  /// The producer's own name for the asset, when it is no UUID; kept so that what is sent on names it alike.
  package var slug: String?
  package var mediaType: MediaType
  /// Milliseconds since 1970.
  package var requestedAt: Int64
  package var stage: RequestedStage
  /// Type-specific; kept and passed on.
  package var extra: [String: JSON]
  /// Members that this version does not know; kept and ignored.
  package var unknown: [String: JSON]

  package init(
    asset: AssetID, slug: String? = nil, mediaType: MediaType, requestedAt: Int64, stage: RequestedStage,
    extra: [String: JSON] = [:], unknown: [String: JSON] = [:]
  ) {
    self.asset = asset
    self.slug = slug
    self.mediaType = mediaType
    self.requestedAt = requestedAt
    self.stage = stage
    self.extra = extra
    self.unknown = unknown
  }

  /// The same message, asking for another stage.
  package func asking(for stage: StageName) -> Message {
    var message = self
    message.stage = .stage(stage)
    return message
  }

  /// The topic that queues bind to: `<mediaType>.<stage>`.
  package var routingKey: String { "\(mediaType.rawValue).\(stage.wireName)" }
}

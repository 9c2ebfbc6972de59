package import JSON

/// All that is known of one dead letter.
package struct DeadLetterReport: Sendable, Equatable {
  package let summary: DeadLetterSummary
  /// Those worth keeping; what the broker added is left out.
  package let headers: JSON
  package let body: DeadLetterBody
  /// More for whoever investigates, such as the last lines of a program.
  package let detail: String?
  /// Which build of Reelmill gave up.
  package let build: String
  /// What was tried: the stage's events for the asset, the oldest first.
  package let attempts: [RunEvent]
  /// The asset as it is now; nil if there is none.
  package let asset: AssetReport?
  /// What it is about, as people look at it; nil if there is no asset.
  package let media: DeadLetterMedia?
  /// Who did what to it, the oldest first.
  package let changes: [DeadLetterChange]

  /// For programs; what is not known is null.
  package var json: JSON {
    var members = summary.members
    members["headers"] = headers
    members["body"] = body.json
    members["detail"] = .text(detail)
    members["build"] = .string(build)
    members["history"] = .array(attempts.map(\.json))
    members["assetReport"] = asset?.json ?? .null
    members["media"] = media?.json ?? .null
    members["changes"] = .array(changes.map(\.json))
    return .object(members)
  }
}

/// What a message asks for next.
package enum RequestedStage: Sendable, Hashable {
  /// A new asset.
  case initial
  /// Labels were just written.
  case postLabel
  /// The asset was edited.
  case refresh
  case stage(StageName)

  /// The name in messages and routing keys.
  package var wireName: String {
    switch self {
    case .initial: "initial"
    case .postLabel: "post_label"
    case .refresh: "refresh"
    case .stage(let name): name.rawValue
    }
  }

  package init?(wireName: String) {
    switch wireName {
    case "initial": self = .initial
    case "post_label": self = .postLabel
    case "refresh": self = .refresh
    default:
      guard let name = StageName(rawValue: wireName) else { return nil }
      self = .stage(name)
    }
  }

  /// The names that `dispatch` serves.
  package static let entries: [RequestedStage] = [.initial, .postLabel, .refresh]
}

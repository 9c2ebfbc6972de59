package import JSON
internal import Pipeline

extension AssetTimeline {
  /// For programs; what is not known is null.
  package var json: JSON {
    ["asset": asset.json, "events": .array(events.map(\.json)), "isCut": .bool(isCut)]
  }
}

extension AssetTimeline.Event {
  /// For programs; what is not known is null.
  package var json: JSON {
    guard var members = happening.json.object else { return happening.json }
    members["at"] = .time(at)
    return .object(members)
  }
}

extension AssetTimeline.Happening {
  fileprivate var json: JSON {
    switch self {
    case .created(let owner): ["type": "created", "owner": .string(owner)]
    case .edited(let revision): ["type": "edited", "revision": .integer(revision)]
    case .pinned(let kind, let person): ["type": "pinned", "kind": .string(kind.rawValue), "by": .string(person)]
    case .run(let event): event.json
    case .started(let stage, let attempt, let worker):
      [
        "type": "started", "stage": .string(stage), "attempt": .count(attempt), "worker": worker?.json ?? .null,
      ]
    case .charged(let charge):
      [
        "type": "charged", "stage": .string(charge.stage), "provider": .string(charge.provider),
        "units": .number(charge.units), "unit": .string(charge.unit), "isSettled": .bool(charge.isSettled),
      ]
    case .deadLetter(let id, let stage, let code):
      ["type": "dead-letter", "id": .string(id.description), "stage": .text(stage), "errorCode": .string(code)]
    case .deleted: ["type": "deleted"]
    case .erased: ["type": "erased"]
    }
  }
}

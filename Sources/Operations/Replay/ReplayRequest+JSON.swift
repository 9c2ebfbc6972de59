internal import Identifiers
package import JSON
internal import Pipeline
internal import PostgreSQL

/// How a request stands in its row, and is printed.
extension ReplayRequest {
  /// For programs; what is not asked for is null.
  package var json: JSON {
    [
      "selector": .string(selector.rawValue), "stages": .texts(stages.map(\.rawValue)),
      "assets": .texts(assets.map(\.description)), "letters": .texts(letters.ids.map(\.description)),
      "group": .text(letters.group), "errorCode": .text(letters.errorCode),
      "since": letters.since.map { .integer($0.microsecondsSince1970) } ?? .null, "fresh": .bool(isFresh),
      "lane": .string(lane.rawValue), "order": .string(order.description), "rate": .number(rate),
      "canary": .count(canary), "budget": .number(budget?.amount), "budgetUnit": .text(budget?.unit),
      "idleSeconds": .seconds(idle), "requestedBy": .string(requestedBy), "reason": .text(reason),
    ]
  }

  /// Reads what ``json`` wrote; nil for anything else, such as what a newer build wrote.
  init?(_ json: JSON) {
    guard let selector = json["selector"]?.string.flatMap(Selector.init(rawValue:)),
      let lane = json["lane"]?.string.flatMap(Lane.init(rawValue:)),
      let order = json["order"]?.string.flatMap(Order.init), let stages = json["stages"]?.array,
      let assets = json["assets"]?.array, let letters = json["letters"]?.array,
      let idle = json["idleSeconds"]?.double, let person = json["requestedBy"]?.string
    else { return nil }
    let ids = letters.compactMap { $0.string.flatMap { UUID($0) } }
    self.init(
      selector,
      letters: Letters(
        ids: ids, group: json["group"]?.string, errorCode: json["errorCode"]?.string,
        since: json["since"]?.integer.map(Timestamp.init(microsecondsSince1970:))),
      stages: stages.compactMap { $0.string.flatMap(StageName.init(rawValue:)) },
      assets: assets.compactMap { $0.string.flatMap { try? AssetID(parsing: $0) } },
      isFresh: json["fresh"]?.bool ?? false, lane: lane, order: order, rate: json["rate"]?.double,
      canary: json["canary"]?.integer.map { Int($0) },
      budget: json["budget"]?.double.map { Budget(amount: $0, unit: json["budgetUnit"]?.string) },
      idle: .seconds(idle), requestedBy: person, reason: json["reason"]?.string)
  }
}

extension ReplayRequest.Order: LosslessStringConvertible {
  package var description: String {
    switch self {
    case .asFound: "as-found"
    case .newest: "newest"
    case .tag(let tag): "tag:\(tag)"
    }
  }

  package init?(_ text: String) {
    switch text {
    case "as-found": self = .asFound
    case "newest": self = .newest
    case let tag where tag.hasPrefix("tag:") && tag.count > 4: self = .tag(String(tag.dropFirst(4)))
    default: return nil
    }
  }

  /// The number by which items are ordered, in SQL; the asset is `a`.
  var rank: SQL {
    switch self {
    case .asFound: "0::int8"
    case .newest: "coalesce(-(extract(epoch from a.created_at) * 1000)::int8, 0)"
    case .tag(let tag): "(a.tags is null or \(tag) <> all(a.tags))::int::int8"
    }
  }
}

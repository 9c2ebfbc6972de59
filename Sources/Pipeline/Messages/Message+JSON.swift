internal import JSON

extension Message {
  /// The longest body, in bytes.
  package static let maximumSize = 64 * 1024

  /// How far ahead of our clock a producer's may be, in milliseconds.
  package static let maximumClockSkew: Int64 = 24 * 3600 * 1000

  /// The message as its canonical JSON body. Where our additions have made it too long, it goes without what its
  /// producer added: a doorbell rings without it, and would not be answered with it.
  package var body: [UInt8] {
    let whole = body(extra: extra, unknown: unknown)
    return whole.count <= Self.maximumSize ? whole : body(extra: [:], unknown: [:])
  }

  private func body(extra: [String: JSON], unknown: [String: JSON]) -> [UInt8] {
    var members = unknown
    members["assetId"] = .string(slug ?? asset.description)
    members["mediaType"] = .string(mediaType.rawValue)
    members["requestedAt"] = .integer(requestedAt)
    members["stage"] = .string(stage.wireName)
    members["extra"] = .object(extra)
    return JSON.object(members).canonicalBytes
  }

  /// Decodes a body strictly; members that it does not know are kept.
  ///
  /// - Parameter now: milliseconds since 1970.
  /// - Throws: what was expected and what came; always a permanent failure.
  package init(decoding body: [UInt8], now: Int64) throws(InvalidMessage) {
    guard body.count <= Self.maximumSize else {
      throw InvalidMessage(
        "the body has \(body.count) bytes, the limit is \(Self.maximumSize); put content into the asset")
    }
    let document: JSON
    do { document = try JSON(parsing: body) } catch { throw InvalidMessage("the body is \(error)") }
    guard var members = document.object else { throw InvalidMessage("expected a JSON object, came \(document.kind)") }

    let id = try Self.text("assetId", in: &members)
    do { asset = try AssetID(parsing: id) } catch { throw InvalidMessage("`assetId` is \(error)") }
    slug = AssetID.isSlug(id) ? id : nil

    let mediaType = try Self.text("mediaType", in: &members)
    guard let knownType = MediaType(rawValue: mediaType) else {
      let expected = MediaType.allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidMessage("`mediaType`: expected one of \(expected), came `\(mediaType.prefix(40))`")
    }
    self.mediaType = knownType

    guard let requestedAt = members.removeValue(forKey: "requestedAt") else {
      throw InvalidMessage("`requestedAt` is missing")
    }
    guard let milliseconds = requestedAt.integer, milliseconds >= 0 else {
      throw InvalidMessage(
        "`requestedAt`: expected milliseconds since 1970 as a whole number, came \(requestedAt.kind)")
    }
    guard milliseconds <= now + Self.maximumClockSkew else {
      throw InvalidMessage(
        "`requestedAt` is more than a day in the future (\(milliseconds)); expected milliseconds since 1970")
    }
    self.requestedAt = milliseconds

    stage = try Self.stage(in: &members)
    switch members.removeValue(forKey: "extra") {
    case nil: extra = [:]
    case .object(let object): extra = object
    case let other?: throw InvalidMessage("`extra`: expected an object, came \(other.kind)")
    }
    unknown = members
  }

  private static func stage(in members: inout [String: JSON]) throws(InvalidMessage) -> RequestedStage {
    guard members["stage"] != nil else { return .initial }
    let name = try text("stage", in: &members)
    guard let stage = RequestedStage(wireName: name) else {
      throw InvalidMessage("`stage`: `\(name.prefix(40))` cannot be the name of a stage")
    }
    return stage
  }

  private static func text(_ name: String, in members: inout [String: JSON]) throws(InvalidMessage) -> String {
    switch members.removeValue(forKey: name) {
    case .string(let text): return text
    case nil: throw InvalidMessage("`\(name)` is missing")
    case let other?: throw InvalidMessage("`\(name)`: expected a string, came \(other.kind)")
    }
  }
}

/// Why a body is no message.
package struct InvalidMessage: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

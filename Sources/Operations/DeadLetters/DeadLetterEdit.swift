internal import JSON
internal import Pipeline

/// A change of a dead letter's message. What says where it comes from stays, so that it is the same work as before.
package struct DeadLetterEdit: Sendable, Equatable {
  /// The new body; nil leaves it.
  package var body: [UInt8]?
  /// New headers; nil takes one away.
  package var headers: [String: String?]

  package init(body: [UInt8]? = nil, headers: [String: String?] = [:]) {
    self.body = body
    self.headers = headers
  }

  package var isEmpty: Bool { body == nil && headers.isEmpty }

  /// In bytes of UTF-8.
  private static let longestName = 128
  private static let longestValue = 4096
  private static let mostHeaders = 64

  /// Whether nobody may change a header: the broker's own, ours, and what says which work a message belongs to.
  package static func isLocked(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["x-", "reelmill-", "cloudevents"].contains(where: name.hasPrefix)
      || ["traceparent", "tracestate", "message_id", "message-id", "correlationid", "causationid"].contains(name)
  }

  /// The headers after the change.
  func headers(from headers: JSON) throws(OperationError) -> JSON {
    var members = headers.object ?? [:]
    for (name, value) in self.headers {
      guard !Self.isLocked(name) else {
        throw .refusedEdit("the header `\(name)` says where the message comes from; it cannot be changed")
      }
      guard (1...Self.longestName).contains(name.utf8.count), !name.utf8.contains(0) else {
        throw .refusedEdit("a header's name has 1 to \(Self.longestName) bytes and no NUL, came `\(name.prefix(40))`")
      }
      guard let value else {
        members[name] = nil
        continue
      }
      guard value.utf8.count <= Self.longestValue, !value.utf8.contains(0) else {
        throw .refusedEdit("the header `\(name)`: expected at most \(Self.longestValue) bytes without NUL")
      }
      members[name] = .string(value)
    }
    guard members.count <= Self.mostHeaders else {
      throw .refusedEdit("a message has at most \(Self.mostHeaders) headers, these are \(members.count)")
    }
    return .object(members)
  }

  /// The message in the new body, if there is one.
  ///
  /// - Parameters:
  ///   - asset: which asset it was about; nil where the old body did not say.
  ///   - stage: whose letter it is; nil for what no stage serves, which may be sent to any.
  ///   - now: milliseconds since 1970.
  func message(asset: AssetID?, stage: StageName?, now: Int64) throws(OperationError) -> Message? {
    guard let body else { return nil }
    let message: Message
    do throws(InvalidMessage) { message = try Message(decoding: body, now: now) } catch {
      throw .refusedEdit("the new body is no message: \(error); see schemas/messages/message.schema.json")
    }
    if let asset, asset != message.asset {
      throw .refusedEdit("the letter is about the asset \(asset); the new body names \(message.asset)")
    }
    if let stage {
      let expected = stage == .dispatch ? RequestedStage.entries : [.stage(stage)]
      guard expected.contains(message.stage) else {
        throw .refusedEdit(
          "the letter is one of `\(stage)`; the new body asks for `\(message.stage.wireName)`")
      }
    }
    return message
  }
}

package import JSON
package import Pipeline

/// All that is known of one dead letter.
package struct DeadLetterReport: Sendable, Equatable {
  /// A message body, as far as it can be read.
  package enum Body: Sendable, Equatable {
    /// A message as it should be.
    case message(Message)
    /// JSON, but not a message: why not.
    case document(JSON, problem: String)
    /// Not even JSON: why not.
    case bytes([UInt8], problem: String)

    /// - Parameter now: milliseconds since 1970.
    package init(decoding bytes: [UInt8], now: Int64) {
      do throws(InvalidMessage) {
        self = .message(try Message(decoding: bytes, now: now))
      } catch {
        let document = try? JSON(parsing: bytes)
        self =
          if let document { .document(document, problem: "\(error)") } else { .bytes(bytes, problem: "\(error)") }
      }
    }
  }

  package let summary: DeadLetterSummary
  package let routingKey: String
  /// Those worth keeping; what the broker added is left out.
  package let headers: JSON
  package let body: Body
  /// More for whoever investigates, such as the last lines of a program.
  package let detail: String?
  /// Which build of Reelmill gave up.
  package let build: String
  /// What was tried: the stage's events for the asset, the oldest first.
  package let attempts: [RunEvent]
  /// The asset as it is now; nil if there is none.
  package let asset: AssetReport?

  /// For programs; what is not known is null.
  package var json: JSON {
    var members = summary.members
    members["routingKey"] = .string(routingKey)
    members["headers"] = headers
    members["body"] = body.json
    members["detail"] = .text(detail)
    members["build"] = .string(build)
    members["history"] = .array(attempts.map(\.json))
    members["assetReport"] = asset?.json ?? .null
    return .object(members)
  }
}

extension DeadLetterReport.Body {
  fileprivate var json: JSON {
    switch self {
    case .message(let message):
      // What `Message` writes is JSON.
      ["message": (try? JSON(parsing: message.body)) ?? .null]
    case .document(let document, let problem): ["document": document, "problem": .string(problem)]
    case .bytes(let bytes, let problem):
      ["text": .string(String(decoding: bytes, as: UTF8.self)), "problem": .string(problem)]
    }
  }
}

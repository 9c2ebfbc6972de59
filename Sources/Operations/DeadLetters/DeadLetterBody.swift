package import JSON
package import Pipeline

/// A message body, as far as it can be read.
package enum DeadLetterBody: Sendable, Equatable {
  /// A message as it should be.
  case message(Message)
  /// JSON, but not a message: why not.
  case document(JSON, problem: String)
  /// Not even JSON: why not.
  case bytes([UInt8], problem: String)

  /// - Parameter now: milliseconds since 1970.
  init(decoding bytes: [UInt8], now: Int64) {
    do throws(InvalidMessage) {
      self = .message(try Message(decoding: bytes, now: now))
    } catch {
      let document = try? JSON(parsing: bytes)
      self =
        if let document { .document(document, problem: "\(error)") } else { .bytes(bytes, problem: "\(error)") }
    }
  }

  /// For programs.
  package var json: JSON {
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

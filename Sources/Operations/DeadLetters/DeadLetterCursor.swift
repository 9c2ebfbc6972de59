internal import Identifiers
internal import PostgreSQL

/// Where a page of dead letters ended. Its text is opaque to whoever passes it back.
package struct DeadLetterCursor: Sendable, Equatable {
  let at: Timestamp
  let id: UUID

  init(after letter: DeadLetterSummary) {
    at = letter.at
    id = letter.id
  }
}

extension DeadLetterCursor: LosslessStringConvertible {
  package var description: String { "\(at.microsecondsSince1970)_\(id)" }

  /// Reads the text of a cursor; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, let microseconds = Int64(parts[0]), let id = UUID(String(parts[1])) else { return nil }
    at = Timestamp(microsecondsSince1970: microseconds)
    self.id = id
  }
}

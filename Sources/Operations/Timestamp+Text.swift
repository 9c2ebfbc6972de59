internal import FoundationEssentials
package import PostgreSQL

extension Timestamp {
  /// RFC 3339 in UTC, to the millisecond: `2026-03-01T12:30:05.250Z`.
  package var rfc3339: String {
    let milliseconds = millisecondsSince1970 - wholeSeconds * 1000
    let padding = milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : ""
    return "\(toTheSecond.dropLast()).\(padding)\(milliseconds)Z"
  }

  /// For sentences: `2026-03-01 12:30:05 UTC`.
  package var sentenceText: String { toTheSecond.replacing("T", with: " ").replacing("Z", with: " UTC") }

  /// `2026-03-01T12:30:05Z`.
  private var toTheSecond: String {
    Date.ISO8601FormatStyle().format(Date(timeIntervalSince1970: Double(wholeSeconds)))
  }

  private var wholeSeconds: Int64 { Int64((Double(millisecondsSince1970) / 1000).rounded(.down)) }
}

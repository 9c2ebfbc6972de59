internal import JSON
internal import PostgreSQL

// How answers write what JSON has no type for. What is not known is null.
extension JSON {
  static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

  static func count(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }

  static func integer(orNull value: Int64?) -> JSON { value.map { .integer($0) } ?? .null }

  static func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

  static func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

  /// RFC 3339 in UTC.
  static func time(_ value: Timestamp?) -> JSON { text(value?.rfc3339) }

  /// Seconds, to the millisecond.
  static func seconds(_ value: Duration?) -> JSON {
    number(value.map { ($0 / .milliseconds(1)).rounded() / 1000 })
  }
}

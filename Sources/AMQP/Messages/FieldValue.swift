/// The arguments of a declaration, or the headers of a message.
package typealias FieldTable = [String: FieldValue]

/// A value in a ``FieldTable``.
package enum FieldValue: Sendable, Equatable {
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  /// `unscaled` divided by ten to the power of `scale`.
  case decimal(unscaled: UInt32, scale: UInt8)
  case string(String)
  case bytes([UInt8])
  /// Seconds since 1970.
  case timestamp(UInt64)
  case array([FieldValue])
  case table(FieldTable)
  case void
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

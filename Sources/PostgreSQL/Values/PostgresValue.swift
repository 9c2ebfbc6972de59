/// A Swift type that is a parameter of a statement and a column of its result.
package protocol PostgresValue: Sendable {
  /// The type that parameters are sent as.
  static var postgresType: PostgresType { get }
  /// The format that parameters are sent in; binary if not said otherwise.
  static var postgresFormat: PostgresFormat { get }

  /// Whether it stands for NULL; then it is not encoded.
  var isNull: Bool { get }

  /// Appends the value in ``postgresFormat``.
  func encode(into buffer: inout PostgresBuffer)

  /// Reads a value out of a result.
  init(decoding cell: PostgresCell) throws(PostgresMismatch)
}

extension PostgresValue {
  package static var postgresFormat: PostgresFormat { .binary }
  package var isNull: Bool { false }
}

/// A value whose arrays PostgreSQL knows as an array type.
package protocol PostgresScalar: PostgresValue, PostgresArrayElement {
  /// The type of its one-dimensional arrays.
  static var postgresArrayType: PostgresType { get }
  /// The format that its arrays are sent in; binary if not said otherwise.
  static var postgresArrayFormat: PostgresFormat { get }
  /// Appends an array in ``postgresArrayFormat``; nil stands for NULL.
  static func encode(array: [Self?], into buffer: inout PostgresBuffer)
}

/// How a parameter is written.
package enum PostgresFormat: Int32, Sendable {
  case text = 0
  case binary = 1
}

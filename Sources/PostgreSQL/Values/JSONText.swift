/// A JSON value as text: a parameter for `jsonb` (and by the server's own conversion `json`), and what either reads as.
///
/// The client does not look into it; the server refuses what is not JSON.
package struct JSONText: Hashable, Sendable {
  /// The text in UTF-8.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Makes a value of text that is JSON already.
  package init(_ text: String) { bytes = Array(text.utf8) }

  /// The value as a string.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONText: PostgresScalar {
  /// The only version of `jsonb`'s binary form, before the text.
  private static let binaryVersion: UInt8 = 1

  package static var postgresType: PostgresType { .jsonb }
  package static var postgresArrayType: PostgresType { .jsonbArray }

  package func encode(into buffer: inout PostgresBuffer) {
    buffer.append(Self.binaryVersion)
    buffer.append(bytes)
  }

  /// Reads `jsonb` and `json`.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    let bytes = try cell.bytes(of: .jsonb, .json)
    guard cell.type == .jsonb else {
      self.init(bytes: Array(bytes))
      return
    }
    guard let version = bytes.first, version == Self.binaryVersion else {
      throw PostgresMismatch(expected: "jsonb in version 1", found: "version \(bytes.first ?? 0)")
    }
    self.init(bytes: Array(bytes.dropFirst()))
  }
}

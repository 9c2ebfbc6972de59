/// One column of one row in binary form. Valid only while it is decoded.
package struct PostgresCell {
  /// The server's type.
  package let type: PostgresType
  /// The value's bytes; nil for NULL.
  package let bytes: UnsafeRawBufferPointer?

  package init(type: PostgresType, bytes: UnsafeRawBufferPointer?) {
    self.type = type
    self.bytes = bytes
  }

  /// The bytes of a value that must be of one of these types and not NULL.
  package func bytes(of expected: PostgresType...) throws(PostgresMismatch) -> UnsafeRawBufferPointer {
    guard let bytes else { throw PostgresMismatch(expected: expected[0].description, found: "NULL") }
    guard expected.contains(type) else {
      throw PostgresMismatch(expected: expected.map(\.description).joined(separator: " or "), found: type.description)
    }
    return bytes
  }

  /// Reads the bytes of a value of exactly this width.
  package func integer<Integer: FixedWidthInteger>(
    _: Integer.Type, of type: PostgresType
  ) throws(PostgresMismatch) -> Integer {
    let bytes = try bytes(of: type)
    guard bytes.count == MemoryLayout<Integer>.size else {
      throw PostgresMismatch(expected: "\(MemoryLayout<Integer>.size) bytes of \(type)", found: "\(bytes.count)")
    }
    return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
  }
}

/// A value of a result is not what was asked for.
package struct PostgresMismatch: Error, Hashable {
  /// The type that was asked for.
  package let expected: String
  /// What the server sent.
  package let found: String

  package init(expected: String, found: String) {
    self.expected = expected
    self.found = found
  }
}

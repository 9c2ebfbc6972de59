package import Hashing
package import PostgreSQL

extension PostgresRow {
  /// A column that holds a SHA-256.
  package func digest(_ column: String) throws(PostgresError) -> SHA256Digest {
    let bytes = try self[column, as: [UInt8].self]
    guard let digest = SHA256Digest(bytes: bytes) else {
      throw .unexpectedResult(
        PostgresUnexpectedResult(column: column, expected: "32 bytes of SHA-256", found: "\(bytes.count) bytes"))
    }
    return digest
  }

  /// A column that holds one of a closed set of words.
  package func word<Word: RawRepresentable<String>>(_ column: String, as type: Word.Type) throws(PostgresError) -> Word
  {
    let text = try self[column, as: String.self]
    guard let word = Word(rawValue: text) else {
      throw .unexpectedResult(PostgresUnexpectedResult(column: column, expected: "a \(type)", found: "`\(text)`"))
    }
    return word
  }
}

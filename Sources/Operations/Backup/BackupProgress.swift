/// How far a backup or its restoration is.
package enum BackupProgress: Sendable, Equatable, CustomStringConvertible {
  /// Comparing files with the manifest: so many of so many.
  case checking(Int, of: Int)
  /// The rows of a table.
  case table(String, number: Int, of: Int)
  /// So much content was copied.
  case content(count: Int, size: Int)

  package var description: String {
    switch self {
    case .checking(let number, let count): "checking file \(number) of \(count)"
    case .table(let name, let number, let count): "table \(number) of \(count): \(name)"
    case .content(let count, let size): "content: \(count) copied, \(size / 1_000_000) MB"
    }
  }
}

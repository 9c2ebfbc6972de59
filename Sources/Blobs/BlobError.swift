/// Why a blob cannot be stored or read.
package struct BlobError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, by what a caller can do about it.
  package enum Kind: String, Sendable {
    /// No room is left where the blobs are.
    case full = "no space left"
    /// We may not do it there.
    case permission = "no permission"
    /// There is no such blob.
    case notFound = "not found"
    /// The content is not what its digest says.
    case corrupt
    /// Too many operations wait already.
    case busy
    /// The task was cancelled.
    case cancelled
    /// Anything else that the system reports.
    case system = "system error"
  }

  package let kind: Kind
  /// The file or folder that it is about.
  package let path: String
  /// What was tried and what came, for people.
  package let detail: String

  /// Whether the same may succeed later.
  package var isTransient: Bool {
    switch kind {
    case .full, .busy, .system: true
    case .permission, .notFound, .corrupt, .cancelled: false
    }
  }

  package init(_ kind: Kind, path: String, detail: String) {
    self.kind = kind
    self.path = path
    self.detail = detail
  }

  package var description: String { "\(path): \(kind.rawValue): \(detail)" }
}

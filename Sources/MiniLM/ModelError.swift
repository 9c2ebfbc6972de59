internal import Glibc

/// Why the files of a model cannot be used.
package enum ModelError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(path: String)
  /// The system refused to open or map the file; `code` is its `errno`.
  case unreadable(path: String, code: Int32)
  /// The file is not what this model's file must be.
  case malformed(path: String, problem: String)

  package var description: String {
    switch self {
    case .missing(let path):
      "the embedding model has no file \(path); fetch it with scripts/fetch-model"
    case .unreadable(let path, let code):
      "cannot read \(path): \(String(cString: strerror(code))); check the owner and mode of the file"
    case .malformed(let path, let problem):
      "\(path) is not usable: \(problem); delete its folder and fetch it again with scripts/fetch-model"
    }
  }
}

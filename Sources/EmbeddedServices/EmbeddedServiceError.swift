/// Why the embedded services did not start.
package enum EmbeddedServiceError: Error, Sendable {
  /// Another process holds the data folder.
  case folderInUse(folder: String, owner: FolderOwner?)
  /// The data folder, or a file in it, cannot be used.
  case folderUnusable(path: String, reason: String)
  /// A program is not installed; `fix` is the command that installs it.
  case programMissing(path: String, fix: String)
  /// A service ended, or did not answer in time; `logTail` is the end of what it wrote.
  case startFailed(service: String, reason: String, logTail: String)
}

extension EmbeddedServiceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .folderInUse(let folder, let owner?):
      "\(folder) is in use by process \(owner.process.pid), since \(owner.since); stop it first, or choose another folder"
    case .folderInUse(let folder, nil):
      "\(folder) is in use by another process; stop it first, or choose another folder"
    case .folderUnusable(let path, let reason):
      "\(path): \(reason)"
    case .programMissing(let path, let fix):
      "\(path) is missing or cannot be run; install it with: \(fix)"
    case .startFailed(let service, let reason, let logTail):
      "the embedded \(service) did not start: \(reason)" + (logTail.isEmpty ? "" : "\nthe end of its log:\n\(logTail)")
    }
  }
}

internal import FoundationEssentials
internal import Glibc

/// Who holds a data folder.
package struct FolderOwner: Codable, Sendable, Equatable {
  package let process: ProcessIdentity
  /// When it took the folder, in ISO 8601 and UTC.
  package let since: String
}

/// The exclusive use of a data folder: a lock that the kernel drops when the process ends, by whatever cause.
struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: ``EmbeddedServiceError/folderInUse(folder:owner:)`` if another process has it.
  init(folder: String) throws(EmbeddedServiceError) {
    let path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .folderUnusable(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = FileManager.default.contents(atPath: path)
        .flatMap { try? JSONDecoder().decode(FolderOwner.self, from: $0) }
      // A throwing initialiser runs no deinit.
      close(descriptor)
      throw .folderInUse(folder: folder, owner: owner)
    }
    recordOwner()
  }

  deinit { close(descriptor) }

  /// The lock alone decides; what is written only tells people who has it.
  private func recordOwner() {
    guard let process = ProcessIdentity.current,
      let data = try? JSONEncoder().encode(FolderOwner(process: process, since: Date.now.formatted(.iso8601)))
    else { return }
    ftruncate(descriptor, 0)
    _ = data.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}

extension FolderLock {
  /// Whether a process holds the folder now.
  static func isHeld(folder: String) -> Bool {
    let descriptor = open("\(folder)/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }
}

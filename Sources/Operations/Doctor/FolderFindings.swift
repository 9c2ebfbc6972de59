internal import Glibc

/// What was found of the folder that holds the blobs.
package struct FolderFindings: Sendable, Equatable {
  package let path: String
  /// Why nothing can be written there; nil if something can.
  package var problem: String?
  /// In bytes.
  package var free: UInt64

  package init(path: String, problem: String? = nil, free: UInt64) {
    self.path = path
    self.problem = problem
    self.free = free
  }

  private static let scarce: UInt64 = 10 << 30
  private static let tooLittle: UInt64 = 1 << 30

  /// The check that follows from it.
  package func judge() -> Check {
    if let problem {
      return .fail(
        "blob folder", "\(path): \(problem)", fix: "make the folder, and give it to the user that runs reelmill")
    }
    let space = "\(path), \(free >> 20) MiB free"
    switch free {
    case ..<Self.tooLittle:
      return .fail("blob folder", space, fix: "free space, or move the folder to a larger disk: at least 1 GiB")
    case ..<Self.scarce:
      return .warn("blob folder", space, fix: "free space, or move the folder to a larger disk: 10 GiB and more")
    default: return .pass("blob folder", space)
    }
  }

  /// Writes a file there and removes it. It blocks.
  static func probe(_ path: String) -> FolderFindings {
    var findings = FolderFindings(path: path, free: 0)
    let file = "\(path)/.doctor-\(getpid())"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      findings.problem = "cannot write: \(String(cString: strerror(errno)))"
      return findings
    }
    close(descriptor)
    unlink(file)
    var space = statvfs()
    if statvfs(path, &space) == 0 { findings.free = UInt64(space.f_bavail) * UInt64(space.f_frsize) }
    return findings
  }
}

import FoundationEssentials
import Glibc
import TestSupport

/// A disk of a few megabytes that a test fills and frees: a file system in memory, mounted for as long as the test runs.
struct SmallDisk: Sendable {
  let path: String
  private var filler: String { "\(path)/filler" }

  /// Whether this process may mount: as root with the capability, which containers seldom give.
  static let isAllowed: Bool = {
    let place = FileManager.default.temporaryDirectory.appending(path: "reelmill-mount-\(getpid())").path
    guard mkdir(place, 0o700) == 0 else { return false }
    defer { rmdir(place) }
    guard mount("tmpfs", place, "tmpfs", 0, "size=1m") == 0 else { return false }
    umount2(place, detach)
    return true
  }()

  private static let detach = Int32(MNT_DETACH)

  /// Calls the body with a disk at a path; the folder is made if missing.
  static func with<Result>(
    at path: String, megabytes: Int, _ body: (SmallDisk) async throws -> Result
  ) async throws -> Result {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
      throw Unavailable("cannot mount at \(path): \(String(cString: strerror(errno)))")
    }
    defer { umount2(path, detach) }
    return try await body(SmallDisk(path: path))
  }

  /// Takes all that is free.
  func fill() {
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0, count: 1 << 16)
    var size = block.count
    // The last bytes count too: something small would find room there.
    while size > 0 { if write(descriptor, block, size) <= 0 { size /= 2 } }
  }

  /// Gives it back.
  func free() { unlink(filler) }
}

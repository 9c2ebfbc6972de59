internal import FoundationEssentials
internal import Synchronization

/// A run's own folder: made when it is first asked for, removed when the run ends. It holds content, so it is nobody
/// else's to read.
final class ScratchFolder: Sendable {
  private let place: String
  private let isMade = Mutex(false)

  init(_ place: String) { self.place = place }

  /// Where it is. Where it cannot be made, whatever is written there fails and says so.
  var path: String {
    isMade.withLock { isMade in
      guard !isMade else { return }
      isMade = true
      try? FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    return place
  }

  func remove() {
    if isMade.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: place) }
  }
}

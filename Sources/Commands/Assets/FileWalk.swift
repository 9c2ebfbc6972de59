internal import Documents
internal import FoundationEssentials
internal import Glibc

/// The files that are named by paths, one by one: files themselves, and what is below folders. Nothing is gathered, so
/// a folder may hold any number.
struct FileWalk: Sequence {
  let paths: [String]

  /// A file to be taken in, or why a part of the walk could not be read.
  struct Entry {
    let path: String
    fileprivate let problem: IngestionError?

    func get() throws(IngestionError) -> String {
      if let problem { throw problem }
      return path
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  func makeIterator() -> Iterator { Iterator(named: Set(paths), pending: paths.reversed().map { .path($0) }) }

  fileprivate enum Step {
    /// Named by a person or found in a folder.
    case path(String)
    case failed(String, IngestionError)
  }

  struct Iterator: IteratorProtocol {
    /// What people named themselves.
    fileprivate let named: Set<String>
    /// What is left, the next at the end: at most the entries of the folders on the way down.
    fileprivate var pending: [Step]

    mutating func next() -> Entry? {
      while let step = pending.popLast() {
        switch step {
        case .failed(let path, let problem): return Entry(path: path, problem: problem)
        case .path(let path) where FileWalk.isFolder(path): open(path)
        case .path(let path) where !isSidecar(path): return Entry(path: path, problem: nil)
        case .path: continue
        }
      }
      return nil
    }

    private mutating func open(_ folder: String) {
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().reversed()
        pending += names.filter { !$0.hasPrefix(".") }.map { .path("\(folder)/\($0)") }
      } catch {
        pending.append(.failed(folder, .unreadable("the folder cannot be read: \(String(cString: strerror(errno)))")))
      }
    }

    /// A subtitle file beside the media that it belongs to comes with that; one that is named alone is meant itself.
    private func isSidecar(_ path: String) -> Bool {
      guard Sidecar.isSubtitle(path), let media = Sidecar.media(beside: path) else { return false }
      return !named.contains(path) || named.contains(media)
    }
  }
}

/// Subtitles in a file beside the media.
enum Sidecar {
  private static let subtitleEndings = ["srt", "vtt"]
  private static let mediaEndings = [
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "ts", "mp3", "m4a", "wav", "flac", "ogg", "opus",
  ]

  static func isSubtitle(_ path: String) -> Bool { subtitleEndings.contains(ending(of: path)) }

  /// The media file of the same name, if there is one.
  static func media(beside path: String) -> String? { sibling(of: path, endings: mediaEndings) }

  /// The subtitle file of the same name, if there is one.
  static func subtitles(beside path: String) -> String? {
    isSubtitle(path) ? nil : sibling(of: path, endings: subtitleEndings)
  }

  private static func sibling(of path: String, endings: [String]) -> String? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    return endings.map { "\(path[..<dot]).\($0)" }.first { access($0, F_OK) == 0 && !FileWalk.isFolder($0) }
  }

  private static func ending(of path: String) -> String {
    path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
  }
}

internal import Configuration
internal import FoundationEssentials

/// The folders that Reelmill uses, all absolute.
struct Places: Sendable {
  let folder: String
  let blobs: String
  let model: String
  let postgresql: String
  let scratch: String

  init(_ settings: ResolvedSettings) {
    folder = Self.absolute(settings[ReelmillSettings.folder])
    blobs = Self.absolute(settings[ReelmillSettings.blobFolder] ?? "\(folder)/blobs")
    model = Self.absolute(settings[ReelmillSettings.modelFolder] ?? "\(folder)/models/all-MiniLM-L6-v2")
    postgresql = Self.absolute(settings[ReelmillSettings.postgresqlFolder] ?? "\(folder)/postgresql-18")
    scratch = "\(folder)/scratch"
  }

  /// Makes the folders that work needs; what is made is for this user alone.
  ///
  /// - Throws: ``CommandFailure`` naming the folder.
  func make() throws(CommandFailure) {
    for folder in [blobs, scratch] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw CommandFailure(.inputOutput, "cannot make the folder \(folder): \(error)")
      }
    }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }
}

internal import FoundationEssentials

/// Runs `body` with the path of a fresh empty folder, and removes the folder with all in it afterwards.
package func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "reelmill-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(
    at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

internal import Blobs
internal import Hashing

/// Copies all content of a list from one store to another, comparing each with its digest.
struct ContentCopy {
  private(set) var count = 0
  /// In bytes.
  private(set) var size = 0
  /// What was not there to be copied.
  private(set) var missing: [BlobID] = []

  private let source: any BlobStore
  private let target: any BlobStore
  private let progress: (BackupProgress) -> Void

  /// How many are copied at once: most of the time goes by waiting for the disk.
  private static let width = 4

  init(from source: any BlobStore, to target: any BlobStore, progress: @escaping (BackupProgress) -> Void) {
    self.source = source
    self.target = target
    self.progress = progress
  }

  /// Copies what the lines `<organisation>\t<digest>` of a file of the backup name.
  ///
  /// - Parameter missingLimit: beyond so many that are missing it is given up.
  mutating func run(list: BackupManifest.File, of folder: BackupFolder, missingLimit: Int) async throws {
    var rest: [UInt8] = []
    var batch: [BlobID] = []
    try await folder.data.read(list.id) { chunk in
      rest += chunk
      var lines = rest[...]
      while let end = lines.firstIndex(of: UInt8(ascii: "\n")) {
        batch.append(try Self.id(in: lines[..<end]))
        lines = lines[(end + 1)...]
        if batch.count == Self.width {
          try await copy(batch, missingLimit: missingLimit)
          batch = []
        }
      }
      rest = Array(lines)
    }
    guard rest.isEmpty else { throw BackupError.damaged("the list of contents", "its last line is not whole") }
    try await copy(batch, missingLimit: missingLimit)
  }

  private mutating func copy(_ batch: [BlobID], missingLimit: Int) async throws {
    try await withThrowingTaskGroup(of: (BlobID, Int?).self) { [source, target] group in
      for id in batch {
        group.addTask { (id, try await Self.copy(id, from: source, to: target)) }
      }
      for try await (id, size) in group {
        if let size {
          count += 1
          self.size += size
        } else {
          missing.append(id)
        }
      }
    }
    if missing.count > missingLimit, let example = missing.first {
      throw BackupError.contentMissing(count: missing.count, example: "\(example.owner)/\(example.digest)")
    }
    progress(.content(count: count, size: size))
  }

  /// - Returns: the size; nil if there is no such content.
  private static func copy(
    _ id: BlobID, from source: any BlobStore, to target: any BlobStore
  ) async throws -> Int? {
    do {
      let blob = try await source.withFile(id) { path in try await target.write(file: path, for: id.owner) }
      guard blob.id == id else {
        throw BlobError(
          .corrupt, path: "\(id.owner)/\(id.digest)", detail: "its content has the digest \(blob.id.digest)")
      }
      return blob.size
    } catch let error as BlobError where error.kind == .notFound {
      return nil
    }
  }

  private static func id(in line: ArraySlice<UInt8>) throws(BackupError) -> BlobID {
    let text = String(decoding: line, as: UTF8.self)
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false)
    guard parts.count == 2, let owner = BlobOwner(String(parts[0])), let digest = SHA256Digest(String(parts[1])) else {
      throw .damaged("the list of contents", "expected an organisation and a digest, came `\(text.prefix(120))`")
    }
    return BlobID(owner: owner, digest: digest)
  }
}

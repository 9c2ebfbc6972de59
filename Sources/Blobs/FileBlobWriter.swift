internal import Synchronization

/// Writes one blob of a ``FileBlobStore``. What was written goes with the writer unless it is finished.
final class FileBlobWriter: BlobWriter {
  private let store: FileBlobStore
  private let folder: OwnerFolder
  /// Nil once it is finished.
  private let partial: Mutex<PartialFile?>

  init(store: FileBlobStore, folder: OwnerFolder) async throws(BlobError) {
    self.store = store
    self.folder = folder
    partial = Mutex(nil)
    try await store.run { [self] () throws(BlobError) in
      try partial.withLock { partial throws(BlobError) in partial = try folder.makePartial() }
    }
  }

  func append(_ bytes: [UInt8]) async throws(BlobError) {
    try await store.run { [self] () throws(BlobError) in try append(bytes) }
  }

  /// Appends the next part of a file.
  ///
  /// - Returns: false at its end.
  func append(from source: SourceFile, upTo count: Int) async throws(BlobError) -> Bool {
    try await store.run { [self] () throws(BlobError) in
      let chunk = try source.read(upTo: count)
      try append(chunk)
      return !chunk.isEmpty
    }
  }

  func finish() async throws(BlobError) -> Blob {
    try await store.run { [self] () throws(BlobError) in
      guard let file = partial.withLock({ $0.take() }) else { throw finished }
      return try file.finish(in: folder)
    }
  }

  /// On one of the pool's threads.
  private func append(_ bytes: [UInt8]) throws(BlobError) {
    try partial.withLock { partial throws(BlobError) in
      guard partial != nil else { throw finished }
      // `withUnsafeBytes` does not hand typed errors through.
      let result = bytes.withUnsafeBytes { buffer -> Result<Void, BlobError> in
        do throws(BlobError) { return .success(try partial!.append(buffer)) } catch { return .failure(error) }
      }
      // A disk that is full has its room back before the caller hears of it.
      if case .failure = result { partial = nil }
      try result.get()
    }
  }

  private var finished: BlobError { BlobError(.system, path: folder.path, detail: "its writer was finished before") }
}

internal import Concurrency
internal import Glibc

/// Files of our own, read on a thread that may wait for the disk.
package enum LocalFile {
  static let pool = BlockingPool(name: "media-files", threadCount: 1)

  /// In bytes.
  ///
  /// - Throws: `storage` if there is no such file, `cancelled`.
  package static func size(of path: String) async throws(MediaError) -> Int64 {
    let size: Int64? = try await onPool {
      var status = stat()
      return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
    guard let size else { throw MediaError(.storage, "expected a file at \(path); there is none") }
    return size
  }

  /// The first bytes of a file, at most `limit`.
  ///
  /// - Throws: `storage` if it cannot be read, `cancelled`.
  package static func beginning(of path: String, limit: Int) async throws(MediaError) -> [UInt8] {
    let bytes: [UInt8]? = try await onPool {
      guard let file = fopen(path, "rb") else { return nil }
      defer { fclose(file) }
      var status = stat()
      guard fstat(fileno(file), &status) == 0 else { return nil }
      return [UInt8](unsafeUninitializedCapacity: min(limit, Int(status.st_size))) { buffer, count in
        count = fread(buffer.baseAddress, 1, buffer.count, file)
      }
    }
    guard let bytes else { throw MediaError(.storage, "cannot read the file \(path)") }
    return bytes
  }

  /// Does blocking work off the cooperative pool.
  static func onPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(MediaError) -> Value {
    do throws(BlockingPool.Refusal) {
      return try await pool.run(work)
    } catch {
      throw MediaError(.cancelled, error.description)
    }
  }
}

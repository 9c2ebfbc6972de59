internal import Concurrency
internal import Glibc

extension SampleMedia {
  private static let pool = BlockingPool(name: "samples", threadCount: 1)

  static func write(_ text: String, to path: String) async throws(Failure) {
    try await onPool("write \(path)") {
      guard let file = fopen(path, "wb") else { return false }
      let bytes = Array(text.utf8)
      let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
      return fclose(file) == 0 && isWritten
    }
  }

  static func remove(_ path: String) async throws(Failure) {
    try await onPool("remove \(path)") { unlink(path) == 0 }
  }

  private static func onPool(_ action: String, _ work: @escaping @Sendable () -> Bool) async throws(Failure) {
    let isDone: Bool
    do throws(BlockingPool.Refusal) {
      isDone = try await pool.run(work)
    } catch {
      throw Failure(description: "cannot \(action): \(error)")
    }
    guard isDone else { throw Failure(description: "cannot \(action)") }
  }
}

package import Blobs
internal import Hashing
internal import Identifiers
package import Observability
internal import PostgreSQL

internal import struct FoundationEssentials.Date
internal import class FoundationEssentials.FileManager

/// Takes away what nobody needs any more: what belonged to deleted assets, content that nothing refers to, files of
/// runs whose worker died, months of history and charges, and replays that ended long ago.
package struct Collector: Sendable {
  private let ledger: Ledger
  private let blobs: any BlobStore
  private let scratchFolder: String
  private let retention: Retention
  private let logger: Logger

  private static let batch = 100
  private static let itemBatch = 10_000

  /// - Parameter scratchFolder: holds a folder for each worker of this machine.
  package init(
    ledger: Ledger, blobs: any BlobStore, scratchFolder: String, retention: Retention, logger: Logger
  ) {
    self.ledger = ledger
    self.blobs = blobs
    self.scratchFolder = scratchFolder
    self.retention = retention
    self.logger = logger
  }

  /// Collects at intervals until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: retention.interval)
      guard !Task.isCancelled else { return }
      do { try await collect() } catch {
        if !Task.isCancelled { logger.error("cannot collect what is not needed", [.error: "\(error)"]) }
      }
    }
  }

  /// Collects once.
  package func collect() async throws {
    while try await ledger.eraseDeleted(olderThan: retention.deletedAssets, limit: Self.batch) == Self.batch {}
    while try await ledger.eraseDiscarded(olderThan: retention.deletedAssets, limit: Self.batch) == Self.batch {}
    try await ledger.tidyLeases()
    while try await ledger.deleteReplays(olderThan: retention.replays, limit: Self.itemBatch) {}
    try await deleteUnreferencedContent()
    try await deleteScratch()
    try await ledger.keepMonths(history: retention.history, charges: retention.charges)
  }

  /// Walks through all content in parts. What was written lately is spared: whoever writes content that is there
  /// already makes it young again, so that nothing is deleted that is about to be referred to.
  private func deleteUnreferencedContent() async throws {
    for owner in try await blobs.owners() {
      for firstByte in UInt8.min ... .max {
        let old = try await blobs.list(owner, firstByte: firstByte).filter(isOld)
        guard !old.isEmpty else { continue }
        let unreferenced = try await ledger.unreferenced(among: old.map(\.id.digest), of: owner.description)
        guard !unreferenced.isEmpty else { continue }
        let mayDelete = try await ledger.deletingContent {
          for blob in old where unreferenced.contains(blob.id.digest) {
            // It may have been written again meanwhile.
            if let blob = try await blobs.find(blob.id), isOld(blob) { try await blobs.delete(blob.id) }
          }
        }
        guard mayDelete else { return }
      }
    }
  }

  private func isOld(_ blob: Blob) -> Bool {
    Date.now.timeIntervalSince1970 - Double(blob.writtenAt) > retention.unreferencedContent / .seconds(1)
  }

  /// Deletes the folders of workers that are dead for a while.
  private func deleteScratch() async throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: scratchFolder)) ?? []
    let workers = names.compactMap { UUID($0) }
    guard !workers.isEmpty else { return }
    let living = try await ledger.livingWorkers(within: retention.scratch)
    for worker in workers where !living.contains(worker) {
      try? FileManager.default.removeItem(atPath: "\(scratchFolder)/\(worker)")
    }
  }
}

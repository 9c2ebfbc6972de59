import Blobs
import Engine
import Pipeline
import PostgreSQL

/// Hands assets in, as fast as the pipeline takes them, and again where the database was away.
actor Feed {
  private let client: PostgresClient
  private let blobs: FileBlobStore
  /// The assets that are in.
  private(set) var assets: [AssetID] = []

  /// Assets that are in and not complete, at most: faults shall strike while some come, some are worked on, some done.
  private static let ahead = 40

  init(client: PostgresClient, blobs: FileBlobStore) {
    self.client = client
    self.blobs = blobs
  }

  /// Hands in so many assets, each of its own content.
  func hand(in count: Int) async throws {
    for _ in 0..<count {
      while try await unfinished >= Self.ahead { try await Task.sleep(for: .milliseconds(50)) }
      try await handIn("asset-\(assets.count)")
    }
  }

  /// Hands one asset in.
  @discardableResult
  func handIn(_ name: String, title: String = "Title", lane: Lane = .live) async throws -> AssetID {
    let id = try AssetID(parsing: name)
    while true {
      do {
        // Each has content of its own: no result of one is adopted by another.
        let blob = try await blobs.write(for: BlobOwner("default")!) { try await $0.append(Array(name.utf8)) }
        _ = try await Intake(client: client).add(
          NewAsset(
            id: id, slug: name, organisation: "default", owner: "tester", mediaType: .text, title: title,
            source: BlobReference(digest: blob.id.digest, size: Int64(blob.size))), lane: lane)
        assets.append(id)
        return id
      } catch let error as IntakeError {
        // Handing the same in again is harmless, also where it was committed.
        guard case .database = error else { throw error }
        try await Task.sleep(for: .milliseconds(200))
      } catch is BlobError {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  private var unfinished: Int {
    get async throws {
      guard assets.count >= Self.ahead else { return 0 }
      let complete = try? await client.query(
        """
        select count(*) as n from asset a where a.parent is null
          and (select count(*) from artifact f where f.asset = a.id and f.inputs is not null) = 6
        """
      ).one()["n", as: Int64.self]
      return complete.map { assets.count - Int($0) } ?? assets.count
    }
  }
}

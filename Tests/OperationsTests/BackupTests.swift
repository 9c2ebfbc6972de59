import Blobs
import Concurrency
import Engine
import FoundationEssentials
import Hashing
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// A library in a folder, and out of it again.
@Suite(.timeLimit(.minutes(3))) struct BackupTests {
  @Test func `what is restored is what was backed up, while a writer went on`() async throws {
    try await withLibrary { sample, blobs, folder in
      try await fill(sample, blobs)
      let backup = "\(folder)/backup"
      let manifest = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          var number = 0
          while !Task.isCancelled {
            try await write("later-\(number)", sample, blobs)
            number += 1
          }
        }
        let manifest = try await LibraryBackup(client: sample.client, blobs: blobs, build: "test 1").write(
          to: backup, settings: .init(text: "owner = \"ada\"\n", omitted: ["database.url"]))
        group.cancelAll()
        return manifest
      }
      #expect(manifest.omittedSettings == ["database.url"])
      #expect(manifest.missingContent.isEmpty)

      try await withTarget { target, targetBlobs in
        let restored = try await LibraryRestore(client: target, blobs: targetBlobs).restore(from: backup)
        #expect(restored == manifest)
        for table in manifest.tables {
          let rows = try await target.query("select from \(identifier: table.name)")
          #expect(rows.count == table.rows, "\(table.name)")
        }
        // All of one moment: each asset with its sources, each source with its content.
        let torn = try await target.query(
          """
          select from asset a full join (select asset from artifact where kind = 'source') f on f.asset = a.id
          where a.id is null or f.asset is null
          """)
        #expect(torn.isEmpty)
        var content = 0
        for row in try await target.query("select organisation, blob from blob_reference") {
          let owner = try #require(BlobOwner(try row["organisation", as: String.self]))
          try await targetBlobs.verify(BlobID(owner: owner, digest: try row.digest("blob")))
          content += 1
        }
        #expect(content == manifest.contentCount && content >= 3)
        // Groups were counted once, and numbers go on.
        #expect(try await target.query("select open from dead_letter_group", as: Int.self) == [2])
        let plan = try await LibraryPlan.read(from: Library(client: target, pipeline: sample.library.pipeline))
        #expect(plan.stages.first { $0.name == .read }?.counts[.upToDate] == 1)
        let copy = Sample(library: Library(client: target, pipeline: sample.library.pipeline))
        try await copy.bury(.read, of: nil)
        #expect(try await target.query("select open from dead_letter_group", as: Int.self) == [3])
        try await target.query("insert into history (asset, stage, event) select id, 'read', 'test' from asset limit 1")
      }
    }
  }

  @Test func `a backup is not written over anything, and nothing is restored over anything`() async throws {
    try await withLibrary { sample, blobs, folder in
      try await fill(sample, blobs)
      let backup = "\(folder)/backup"
      try await write(sample, blobs, to: backup)
      let again = await failure { () throws(BackupError) in try await write(sample, blobs, to: backup) }
      #expect(again?.description.contains("is not empty") == true)
      let over = await failure { () throws(BackupError) in
        _ = try await LibraryRestore(client: sample.client, blobs: blobs).restore(from: backup)
      }
      guard case .databaseNotEmpty? = over else {
        Issue.record("\(String(describing: over))")
        return
      }
      let none = await failure { () throws(BackupError) in
        _ = try await LibraryRestore(client: sample.client, blobs: blobs).restore(from: "\(folder)/nowhere")
      }
      #expect(none?.description.contains("no manifest.json") == true)
    }
  }

  @Test(arguments: Damage.allCases)
  func `a backup that is not as it was written restores nothing, and says what is wrong`(_ damage: Damage) async throws
  {
    try await withLibrary { sample, blobs, folder in
      try await fill(sample, blobs)
      let backup = "\(folder)/backup"
      try await write(sample, blobs, to: backup)
      try damage.strike(backup)
      try await withTarget { target, targetBlobs in
        let error = await failure { () throws(BackupError) in
          _ = try await LibraryRestore(client: target, blobs: targetBlobs).restore(from: backup)
        }
        #expect(error?.description.contains(damage.complaint) == true, "\(String(describing: error))")
        let tables = try await target.query("select to_regclass('asset') is null as nothing").one()
        #expect(try tables["nothing", as: Bool.self])
      }
    }
  }

  @Test func `what the library had lost is told, and does not keep the rest from being restored`() async throws {
    try await withLibrary { sample, blobs, folder in
      try await fill(sample, blobs)
      let lost = BlobID(owner: BlobOwner("default")!, digest: SHA256Digest(hashing: "one"))
      try await blobs.delete(lost)
      let manifest = try await write(sample, blobs, to: "\(folder)/backup")
      #expect(manifest.missingContent == ["default/\(lost.digest)"])
      try await withTarget { target, targetBlobs in
        _ = try await LibraryRestore(client: target, blobs: targetBlobs).restore(from: "\(folder)/backup")
        #expect(try await targetBlobs.find(lost) == nil)
      }
    }
  }

  @Test func `an empty database that was migrated takes a backup, one with another schema does not`() async throws {
    try await withLibrary { sample, blobs, folder in
      try await fill(sample, blobs)
      try await write(sample, blobs, to: "\(folder)/backup")
      try await withTarget { target, targetBlobs in
        _ = try await Migrator(client: target).migrate(definitions: Sample.pipeline.stages.map(\.definition))
        try await target.query("insert into schema_migration (name, checksum) values ('m9999_later', sha256('later'))")
        let error = await failure { () throws(BackupError) in
          _ = try await LibraryRestore(client: target, blobs: targetBlobs).restore(from: "\(folder)/backup")
        }
        #expect(error?.description.contains("m9999_later") == true)
        try await target.query("delete from schema_migration where name = 'm9999_later'")
        _ = try await LibraryRestore(client: target, blobs: targetBlobs).restore(from: "\(folder)/backup")
        #expect(try await target.query("select count(*) from asset", as: Int.self) == [3])
      }
    }
  }

  // MARK: What is backed up

  private func withLibrary(_ body: @escaping @Sendable (Sample, FileBlobStore, String) async throws -> Void)
    async throws
  {
    try await withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/blobs", withIntermediateDirectories: false)
      try await Sample.with { sample in try await body(sample, FileBlobStore(root: "\(folder)/blobs"), folder) }
    }
  }

  /// A database without any schema, and a store without any content.
  private func withTarget(_ body: (PostgresClient, FileBlobStore) async throws -> Void) async throws {
    try await withFolder { folder in
      try await withDatabase { url in
        let loop = EventLoop(name: "test-target")
        defer { loop.stop() }
        let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
        try await body(client, FileBlobStore(root: folder))
        await client.close()
      }
    }
  }

  private func fill(_ sample: Sample, _ blobs: FileBlobStore) async throws {
    for name in ["one", "two", "three"] { try await write(name, sample, blobs) }
    try await sample.finish(.read, of: try AssetID(parsing: "one"))
    for _ in 0..<2 { try await sample.bury(.read, of: try AssetID(parsing: "two")) }
  }

  private func write(_ name: String, _ sample: Sample, _ blobs: FileBlobStore) async throws {
    _ = try await blobs.write(for: BlobOwner("default")!) { try await $0.append(Array(name.utf8)) }
    try await sample.add(name)
  }

  @discardableResult
  private func write(
    _ sample: Sample, _ blobs: FileBlobStore, to path: String
  ) async throws(BackupError) -> BackupManifest {
    try await LibraryBackup(client: sample.client, blobs: blobs, build: "test 1").write(
      to: path, settings: .init(text: "", omitted: []))
  }

  private func failure(_ body: () async throws(BackupError) -> Void) async -> BackupError? {
    do throws(BackupError) {
      try await body()
      return nil
    } catch { return error }
  }
}

/// What happens to backups.
enum Damage: CaseIterable {
  case truncated, altered, lostContent, alteredContent, newerSchema, otherSchema, newerFormat, notJSON

  var complaint: String {
    switch self {
    case .truncated: "bytes, expected"
    case .altered, .alteredContent: "has the digest"
    case .lostContent: "it is not there"
    case .newerSchema: "restore it with test 1"
    case .otherSchema: "another wording"
    case .newerFormat: "format 2"
    case .notJSON: "manifest.json"
    }
  }

  func strike(_ backup: String) throws {
    switch self {
    case .truncated: try change(try largestFile(in: "\(backup)/data")) { $0.removeLast() }
    case .altered: try change(try largestFile(in: "\(backup)/data")) { $0[0] ^= 1 }
    case .lostContent: try FileManager.default.removeItem(atPath: try largestFile(in: "\(backup)/content"))
    case .alteredContent: try change(try largestFile(in: "\(backup)/content")) { $0[0] ^= 1 }
    case .newerSchema: try replace(#""name":"m0001_pipeline""#, with: #""name":"m9999_later""#, in: backup)
    case .otherSchema: try replace(#""name":"m0001_pipeline""#, with: #""name":"m0002_search""#, in: backup)
    case .newerFormat: try replace(#""format":1"#, with: #""format":2"#, in: backup)
    case .notJSON: try change("\(backup)/manifest.json") { $0.removeLast() }
    }
  }

  private func replace(_ old: String, with new: String, in backup: String) throws {
    try change("\(backup)/manifest.json") { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      try #require(text.contains(old))
      bytes = Array(text.replacing(old, with: new).utf8)
    }
  }

  private func change(_ path: String, _ body: (inout [UInt8]) throws -> Void) throws {
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    try body(&bytes)
    try FileManager.default.removeItem(atPath: path)
    try Data(bytes).write(to: URL(filePath: path))
  }

  private func largestFile(in folder: String) throws -> String {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
    let sizes = files.map { name in
      (path: "\(folder)/\(name)", size: (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")).count) ?? 0)
    }
    return try #require(sizes.max { $0.size < $1.size }?.path)
  }
}

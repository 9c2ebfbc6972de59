import Blobs
import Concurrency
import FoundationEssentials
import Glibc
import Hashing
import Subprocess
import TestSupport
import Testing

@Suite struct FileBlobStoreTests {
  let owner = BlobOwner("acme")!  // Proof: a slug.

  func shell(_ script: String) async throws -> ProcessOutcome {
    try await Command("/bin/sh", ["-c", script], deadline: .seconds(30)).run()
  }

  func files(below folder: String) async throws -> [String] {
    let outcome = try await Command("/usr/bin/find", [folder, "-type", "f"], deadline: .seconds(5)).run()
    return String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func content(of path: String) async throws -> [UInt8] {
    try await Command("/bin/cat", [path], deadline: .seconds(5)).run().standardOutput
  }

  @Test(arguments: ["", "-a", "A", "a/b", "..", ".", "a.b", "ä", "a\0", "a b", String(repeating: "a", count: 64)])
  func `a name that could make a path is no owner`(name: String) {
    #expect(BlobOwner(name) == nil)
  }

  @Test func `content that was written is found under its digest`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let blob = try await store.write(for: owner) { writer in
        try await writer.append(Array("hello ".utf8))
        try await writer.append(Array("world".utf8))
      }
      #expect(blob.id == BlobID(owner: owner, digest: SHA256Digest(hashing: "hello world")))
      #expect(blob.size == 11)
      let found = try await store.find(blob.id)
      #expect(found?.size == 11)
      let read = try await store.withFile(blob.id) { try await content(of: $0) }
      #expect(read == Array("hello world".utf8))
      try await store.verify(blob.id)
      let owners = try await store.owners()
      #expect(owners == [owner])
    }
  }

  @Test func `the same content is kept once for each owner`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let other = try #require(BlobOwner("other"))
      _ = try await shell("printf same > \(folder)/source")
      let first = try await store.write(file: folder + "/source", for: owner)
      let second = try await store.write(file: folder + "/source", for: owner)
      #expect(first.id == second.id)
      let unknown = try await store.find(BlobID(owner: other, digest: first.id.digest))
      #expect(unknown == nil)
      _ = try await store.write(file: folder + "/source", for: other)
      let files = try await files(below: folder)
      #expect(files.count == 3)
    }
  }

  @Test func `many writers of the same content at once all succeed`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let piece = [UInt8](repeating: 7, count: 100_000)
      try await withThrowingTaskGroup(of: Blob.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await store.write(for: owner) { writer in
              for _ in 0..<3 { try await writer.append(piece) }
            }
          }
        }
        for try await blob in group { #expect(blob.size == 300_000) }
      }
      let files = try await files(below: folder)
      #expect(files.count == 1)
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `how content is cut does not matter`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let bytes = (0..<Int.random(in: 0...50_000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      pieces.append(rest.prefix(Int.random(in: 0...9000, using: &random)))
      rest = rest.dropFirst(pieces[pieces.count - 1].count)
    }
    try await withFolder { [pieces] folder in
      let blob = try await FileBlobStore(root: folder).write(for: owner) { writer in
        for piece in pieces { try await writer.append(Array(piece)) }
      }
      #expect(blob.id.digest == SHA256Digest(hashing: bytes))
      #expect(blob.size == bytes.count)
    }
  }

  @Test func `a writer that gives up leaves nothing`() async throws {
    struct GaveUp: Error {}
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      await #expect(throws: GaveUp.self) {
        try await store.write(for: owner) { writer in
          try await writer.append([1, 2, 3])
          throw GaveUp()
        }
      }
      let files = try await files(below: folder)
      #expect(files.isEmpty)
    }
  }

  @Test func `a blob is not visible before it is whole`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let id = BlobID(owner: owner, digest: SHA256Digest(hashing: [1, 2]))
      let blob = try await store.write(for: owner) { writer in
        try await writer.append([1, 2])
        // All bytes are there, and a crash now would leave these files.
        let found = try await store.find(id)
        #expect(found == nil)
        let files = try await files(below: folder)
        #expect(files.count == 1)
        #expect(files.allSatisfy { $0.hasPrefix(folder + "/acme/partial/") })
      }
      #expect(blob.id == id)
      let left = try await files(below: folder + "/acme/partial")
      #expect(left.isEmpty)
    }
  }

  @Test func `what a crash leaves is no blob, and is removed when it is old`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      _ = try await store.write(for: owner) { try await $0.append([1]) }
      _ = try await shell("cd \(folder)/acme/partial && touch young && touch -d '2 days ago' old")
      let removed = try await store.removeStalePartials()
      #expect(removed == 1)
      let left = try await files(below: folder + "/acme/partial")
      #expect(left == [folder + "/acme/partial/young"])
      var listed = 0
      for byte in UInt8.min ... .max { listed += try await store.list(owner, firstByte: byte).count }
      #expect(listed == 1)
    }
  }

  @Test func `a listing has every blob in its part`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      var written: Set<BlobID> = []
      for number in 0..<40 as Range<UInt8> {
        written.insert(try await store.write(for: owner) { try await $0.append([number]) }.id)
      }
      var listed: Set<BlobID> = []
      for byte in UInt8.min ... .max {
        for blob in try await store.list(owner, firstByte: byte) {
          #expect(blob.id.digest.bytes[0] == byte)
          #expect(blob.size == 1)
          listed.insert(blob.id)
        }
      }
      #expect(listed == written)
    }
  }

  @Test func `a deleted blob is gone, and deleting it again is no error`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let blob = try await store.write(for: owner) { try await $0.append([1]) }
      for _ in 0..<2 { try await store.delete(blob.id) }
      let found = try await store.find(blob.id)
      #expect(found == nil)
      let error = await #expect(throws: BlobError.self) { try await store.withFile(blob.id) { _ in } }
      #expect(error?.kind == .notFound)
      let verified = await #expect(throws: BlobError.self) { try await store.verify(blob.id) }
      #expect(verified?.kind == .notFound)
    }
  }

  @Test func `changed content is found out`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let blob = try await store.write(for: owner) { try await $0.append([1]) }
      let path = store.path(of: blob.id)
      let changed = try await shell("chmod u+w '\(path)' && printf x > '\(path)'")
      #expect(changed.isSuccess)
      let error = await #expect(throws: BlobError.self) { try await store.verify(blob.id) }
      #expect(error?.kind == .corrupt)
      #expect(error?.isTransient == false)
    }
  }

  @Test func `content that was cut is written again`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let blob = try await store.write(for: owner) { try await $0.append([1, 2, 3]) }
      _ = try await shell("truncate -s 1 \(store.path(of: blob.id))")
      _ = try await store.write(for: owner) { try await $0.append([1, 2, 3]) }
      try await store.verify(blob.id)
    }
  }

  @Test func `a missing source or root is told apart`() async throws {
    try await withFolder { folder in
      let source = await #expect(throws: BlobError.self) {
        try await FileBlobStore(root: folder).write(file: folder + "/none", for: owner)
      }
      #expect(source?.kind == .notFound)
      #expect(source?.path == folder + "/none")
      let root = await #expect(throws: BlobError.self) {
        try await FileBlobStore(root: folder + "/none").write(for: owner) { _ in }
      }
      #expect(root?.path == folder + "/none/acme")
    }
  }

  @Test func `a cancelled write leaves nothing`() async throws {
    try await withFolder { folder in
      let store = FileBlobStore(root: folder)
      let task = Task {
        try await store.write(for: owner) { writer in
          try await writer.append([1])
          withUnsafeCurrentTask { $0?.cancel() }
          try await writer.append([2])
        }
      }
      let error = await #expect(throws: BlobError.self) { try await task.value }
      #expect(error?.kind == .cancelled)
      let files = try await files(below: folder)
      #expect(files.isEmpty)
    }
  }

  // In a process of its own, because the memory of a process is that of all its tests.
  @Test func `a large file is streamed in little memory`() async {
    await #expect(processExitsWith: .success) {
      try await withFolder { folder in
        let made = try await Command(
          "/bin/sh", ["-c", "head -c 67108864 /dev/zero > '\(folder)/source'"], deadline: .seconds(30)
        ).run()
        #expect(made.isSuccess)
        let owner = try #require(BlobOwner("acme"))
        let before = try peakMemory()
        let blob = try await FileBlobStore(root: folder).write(file: folder + "/source", for: owner)
        #expect(blob.size == 67_108_864)
        #expect(
          blob.id.digest.description == "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351")
        // Some buffers of 1 MiB.
        #expect(try peakMemory() - before < 16 << 20)
      }
    }
  }

  @Test(.enabled(if: getuid() == 0, "mounting a small file system needs root"))
  func `a full disk is told, leaves nothing, and passes`() async throws {
    try await withFolder { folder in
      let mounted = try await shell("mount -t tmpfs -o size=1m none \(folder)")
      try #require(mounted.isSuccess, "\(mounted.standardError)")
      let store = FileBlobStore(root: folder)
      let error = await #expect(throws: BlobError.self) {
        try await store.write(for: owner) { try await $0.append([UInt8](repeating: 1, count: 2 << 20)) }
      }
      #expect(error?.kind == .full)
      #expect(error?.isTransient == true)
      #expect(error?.path.hasPrefix(folder) == true)
      let left = try await files(below: folder)
      let blob = try? await store.write(for: owner) { try await $0.append([UInt8](repeating: 1, count: 1 << 18)) }
      let unmounted = try await shell("umount \(folder)")
      #expect(unmounted.isSuccess)
      #expect(left.isEmpty)
      #expect(blob?.size == 1 << 18)
    }
  }
}

/// The most memory that this process had so far, in bytes.
///
/// From `/proc`, because what `getrusage` tells is at least that of the process that started this one.
private func peakMemory() throws -> Int {
  let status = try #require(FileManager.default.contents(atPath: "/proc/self/status"))
  let peak = String(decoding: status, as: UTF8.self).firstMatch(of: #/VmHWM:\s*(\d+) kB/#)
  return try #require(peak.flatMap { Int($0.1) }) * 1024
}

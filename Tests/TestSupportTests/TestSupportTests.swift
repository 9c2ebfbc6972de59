import FoundationEssentials
import TestSupport
import Testing

@Suite struct TestSupportTests {
  struct Wanted: Error {}

  @Test func `a folder is there while the body runs and gone afterwards`() async throws {
    let path = try await withFolder { path in
      try Data("text".utf8).write(to: URL(filePath: path).appending(path: "file"))
      return path
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a folder is removed when the body throws`() async throws {
    var path = ""
    await #expect(throws: Wanted.self) {
      try await withFolder {
        path = $0
        throw Wanted()
      }
    }
    #expect(!path.isEmpty && !FileManager.default.fileExists(atPath: path))
  }

  @Test func `awaiting a condition returns when it holds`() async throws {
    var looks = 0
    try await eventually("the third look") {
      looks += 1
      return looks == 3
    }
    #expect(looks == 3)
  }

  @Test func `awaiting a condition that never holds ends at the deadline and says what was awaited`() async {
    let error = await #expect(throws: DeadlineExceeded.self) {
      try await eventually("pigs fly", within: .milliseconds(10)) { false }
    }
    #expect(error?.description.contains("pigs fly") == true)
  }

  @Test func `each broker fixture has a virtual host of its own that is gone afterwards`() async throws {
    let hosts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await withBroker { url in
            let host = String(url.split(separator: "/").last ?? "")
            let present = try await virtualHosts()
            #expect(present.contains(host))
            return host
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(hosts).count == 4)
    let remaining = try await virtualHosts()
    for host in hosts { #expect(!remaining.contains(host)) }
  }

  @Test func `a virtual host is deleted when the body throws`() async throws {
    var host = ""
    await #expect(throws: Wanted.self) {
      try await withBroker {
        host = String($0.split(separator: "/").last ?? "")
        throw Wanted()
      }
    }
    let remaining = try await virtualHosts()
    #expect(!host.isEmpty && !remaining.contains(host))
  }

  private func virtualHosts() async throws -> String {
    try await BrokerAPI().send("GET", "vhosts")
  }
}

import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct AssetFinderTests {
  static let first = "018f3a2b-0000-7000-8000-000000000001"
  static let second = "018f3a2c-0000-7000-8000-000000000002"

  @Test func `a UUID, a slug, the first digits of a UUID and a title all find the asset`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add(Self.first, title: "On whales")
      let slugged = try await sample.add("moby-dick", title: "Moby-Dick; or, The Whale")
      let finder = AssetFinder(client: sample.client)
      #expect(try await finder.find(Self.first) == id)
      #expect(try await finder.find(Self.first.uppercased()) == id)
      #expect(try await finder.find("018f3a") == id)
      #expect(try await finder.find("018F3A2B-0000-70") == id)
      #expect(try await finder.find("On whales") == id)
      #expect(try await finder.find("moby-dick") == slugged)
      #expect(try await finder.find(slugged.description) == slugged)
    }
  }

  @Test func `digits that two assets begin with are ambiguous, and both are listed`() async throws {
    try await Sample.with { sample in
      let first = try await sample.add(Self.first, title: "One")
      let second = try await sample.add(Self.second, title: "Two")
      let finder = AssetFinder(client: sample.client)
      let failure = await #expect(throws: AssetFinder.Failure.self) { try await finder.find("018f3a2") }
      let text = try #require(failure?.description)
      #expect(text.hasPrefix("`018f3a2` may be one of 2 assets; say its whole id:\n"))
      #expect(text.contains("\(first)  text  One") && text.contains("\(second)  text  Two"))
      #expect(try await finder.find("018f3a2c") == second)
    }
  }

  @Test func `more candidates than are listed are not hidden`() async throws {
    try await Sample.with { sample in
      for index in 0...AssetFinder.candidateLimit { try await sample.add("copy-\(index)", title: "Copy") }
      let failure = await #expect(throws: AssetFinder.Failure.self) {
        try await AssetFinder(client: sample.client).find("Copy")
      }
      guard case .ambiguous("Copy", let candidates, isComplete: false) = failure else {
        Issue.record("expected an ambiguity, came \(String(describing: failure))")
        return
      }
      #expect(candidates.count == AssetFinder.candidateLimit)
    }
  }

  @Test func `what is not found is shown beside titles that contain it`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("a", title: "A Tale of Two Cities")
      let finder = AssetFinder(client: sample.client)
      let failure = await #expect(throws: AssetFinder.Failure.self) { try await finder.find("two cit") }
      #expect(failure?.description.contains("\(id)  text  A Tale of Two Cities") == true)
      let none = await #expect(throws: AssetFinder.Failure.self) { try await finder.find("100%") }
      #expect(none?.description.hasSuffix("a slug or an exact title") == true)
    }
  }

  @Test func `five digits are no beginning of a UUID`() async throws {
    try await Sample.with { sample in
      try await sample.add(Self.first)
      await #expect(throws: AssetFinder.Failure.self) { try await AssetFinder(client: sample.client).find("018f3") }
    }
  }

  @Test func `a deleted asset is found by its whole id only`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add(Self.first, title: "Gone", lifecycle: "deleted")
      let finder = AssetFinder(client: sample.client)
      #expect(try await finder.find(Self.first) == id)
      await #expect(throws: AssetFinder.Failure.self) { try await finder.find("018f3a2b") }
      await #expect(throws: AssetFinder.Failure.self) { try await finder.find("Gone") }
    }
  }

  @Test func `an organisation's assets are not found by another`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("a", title: "Ours", organisation: "ours")
      let finder = AssetFinder(client: sample.client)
      #expect(try await finder.find("a", organisation: "ours") == id)
      for text in ["a", id.description, "Ours", String(id.description.prefix(8)), "our"] {
        let failure = await #expect(throws: AssetFinder.Failure.self, "\(text)") {
          try await finder.find(text, organisation: "theirs")
        }
        guard case .notFound(_, similar: []) = failure else {
          Issue.record("\(text): \(String(describing: failure))")
          continue
        }
      }
    }
  }

  @Test func `a prefix spans the UUIDs that begin with it`() throws {
    let prefix = try #require(UUIDPrefix("018f3A-2"))
    #expect(prefix.lowest.description == "018f3a20-0000-0000-0000-000000000000")
    #expect(prefix.highest.description == "018f3a2f-ffff-ffff-ffff-ffffffffffff")
    for text in ["", "018f3", "018f3g", "018f3ä", String(repeating: "a", count: 33)] {
      #expect(UUIDPrefix(text) == nil, "\(text)")
    }
  }
}

import Engine
import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct DeadLettersTests {
  @Test func `the newest come first, page by page, each once`() async throws {
    try await Sample.with { sample in
      var written: [UUID] = []
      // Some in the same instant: the id decides then.
      for index in 0..<25 {
        written.append(
          try await sample.bury(
            .read, of: nil, at: Timestamp(millisecondsSince1970: Int64(1_700_000_000_000 + index / 3))))
      }
      let letters = DeadLetters(sample.library)
      var seen: [DeadLetterSummary] = []
      var cursor: DeadLetterCursor?
      repeat {
        let page = try await letters.list(after: cursor, limit: 4)
        #expect(page.letters.count <= 4)
        seen += page.letters
        cursor = try page.next.map { try #require(DeadLetterCursor($0.description)) }
      } while cursor != nil
      #expect(Set(seen.map(\.id)) == Set(written) && seen.count == 25)
      #expect(seen.map(\.at) == seen.map(\.at).sorted(by: >))
    }
  }

  @Test func `filters by stage, code, time and state`() async throws {
    try await Sample.with { sample in
      let early = Timestamp(millisecondsSince1970: 1_700_000_000_000)
      let late = Timestamp(millisecondsSince1970: 1_800_000_000_000)
      let old = try await sample.bury(.read, of: nil, at: early)
      let other = try await sample.bury(.join, of: nil, at: late)
      let coded = try await sample.bury(.read, of: nil, code: "provider.refused", at: late)
      let closed = try await sample.bury(.read, of: nil, at: late)
      try await sample.client.query("update dead_letter set state = 'closed' where id = \(closed)")
      let letters = DeadLetters(sample.library)
      func ids(_ filter: DeadLetters.Filter) async throws -> Set<UUID> {
        Set(try await letters.list(filter).letters.map(\.id))
      }
      #expect(try await ids(DeadLetters.Filter()) == [old, other, coded])
      #expect(try await ids(DeadLetters.Filter(stage: .read)) == [old, coded])
      #expect(try await ids(DeadLetters.Filter(errorCode: "provider.refused")) == [coded])
      #expect(try await ids(DeadLetters.Filter(since: late)) == [other, coded])
      #expect(try await ids(DeadLetters.Filter(stage: .read, since: late, state: nil)) == [coded, closed])
    }
  }

  @Test func `one letter shows its message, its headers, what was tried and its asset`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      try await sample.client.query(
        """
        insert into history (asset, stage, event, attempt, error_code) values
          (\(id.uuid), 'read', 'parked', 1, 'media.truncated'), (\(id.uuid), 'join', 'done', 1, null),
          (\(id.uuid), 'read', 'dead', 2, 'media.truncated')
        """)
      let letter = try await sample.bury(.read, of: id)
      let report = try await DeadLetters(sample.library).show(letter)
      #expect(report.summary.asset == id)
      #expect(report.summary.error == "the file ends early")
      #expect(report.detail == "moov atom not found")
      #expect(report.summary.routingKey == "text.read")
      #expect(report.headers["traceparent"] == "00-a")
      guard case .message(let message) = report.body else {
        Issue.record("expected a message, came \(report.body)")
        return
      }
      #expect(message.asset == id && message.stage == .stage(.read))
      #expect(report.attempts.map(\.event) == ["parked", "dead"])
      #expect(report.asset?.asset.id == id)
      #expect(report.json["body"]?["message"]?["mediaType"] == "text")
      #expect(report.json["assetReport"]?["asset"]?["title"] == "Title")
    }
  }

  @Test func `a body that is no message is shown as far as it can be read`() async throws {
    try await Sample.with { sample in
      let letters = DeadLetters(sample.library)
      let document = try await letters.show(try await sample.bury(.read, of: nil, body: #"{"assetId": 7}"#))
      #expect(document.json["body"]?["document"] == ["assetId": 7])
      #expect(document.json["body"]?["problem"]?.string?.contains("assetId") == true)
      #expect(document.asset == nil && document.attempts.isEmpty)
      let text = try await letters.show(try await sample.bury(.read, of: nil, body: "<xml/>"))
      #expect(text.json["body"]?["text"] == "<xml/>")
    }
  }

  @Test func `looking changes nothing`() async throws {
    try await Sample.with { sample in
      let letter = try await sample.bury(.read, of: nil)
      let letters = DeadLetters(sample.library)
      let first = try await letters.show(letter)
      #expect(try await letters.show(letter) == first)
      #expect(try await letters.list().letters.map(\.state) == [.open])
    }
  }

  @Test func `a letter that never was is an error`() async throws {
    try await Sample.with { sample in
      let id = UUID.next()
      let error = await #expect(throws: OperationError.self) { try await DeadLetters(sample.library).show(id) }
      #expect(error?.description == "there is no dead letter \(id)")
    }
  }

  @Test(arguments: ["", "_", "5_", "x_018f3a2b-0000-7000-8000-000000000001", "5_018f3a2b", "5_6_7"])
  func `what is no cursor is refused`(text: String) {
    #expect(DeadLetterCursor(text) == nil)
  }
}

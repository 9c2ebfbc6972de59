import Hashing
import Identifiers
import JSON
import Pipeline
import PostgreSQL
import Search
import TestSupport
import Testing

@Suite struct SearchProjectionTests {
  @Test func `what the passages say becomes rows, in order and with their places`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      try await library.index(
        asset,
        [
          passage("Harbour news", .title, language: "simple"),
          passage("The ships come home.", .speech, start: 1000, end: 4500),
          passage("Ships", section: "News › Harbour"),
        ])
      let rows = try await library.rows(of: asset)
      #expect(rows.map(\.text) == ["Harbour news", "The ships come home.", "Ships"])
      #expect(rows.map(\.language) == ["simple", "english", "english"])
      #expect(rows[1].start == 1000 && rows[1].end == 4500)
      #expect(rows[2].section == "News › Harbour" && rows[2].start == nil)
    }
  }

  @Test func `an edit of one sentence touches one row`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      var passages = (0..<100).map { passage("Sentence number \($0).") }
      try await library.index(asset, passages, vectors: vectors(of: passages))
      let before = try await library.rows(of: asset)
      passages[50].text = "Another sentence."
      try await library.index(asset, passages, vectors: vectors(of: passages))
      let after = try await library.rows(of: asset)
      #expect(after.map(\.text) == passages.map(\.text))
      #expect(zip(before, after).count { $0 != $1 } == 1)
      #expect(after.allSatisfy { $0.hasVector })
    }
  }

  @Test func `passages that move keep their rows and vectors`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let passages = (0..<20).map { passage("Sentence number \($0).") }
      try await library.index(asset, passages, vectors: vectors(of: passages))
      let before = try await library.rows(of: asset)
      try await library.index(asset, [passage("First of all.")] + passages.reversed())
      let after = try await library.rows(of: asset)
      #expect(after.dropFirst().map(\.id) == before.reversed().map(\.id))
      #expect(after.dropFirst().allSatisfy { $0.hasVector } && !after[0].hasVector)
    }
  }

  @Test func `the same text may stand in many places`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      let refrain = { (start: Int64) in passage("La la la.", .speech, start: start, end: start + 10) }
      try await library.index(asset, [refrain(0), refrain(100), refrain(200)], vectors: ["La la la.": direction(1)])
      try await library.index(asset, [refrain(0), refrain(200)], vectors: ["La la la.": direction(1)])
      let rows = try await library.rows(of: asset)
      #expect(rows.map(\.start) == [0, 200])
      #expect(rows.allSatisfy { $0.hasVector })
    }
  }

  @Test func `a key frame's passages stand in its video's time line`() async throws {
    try await Library.with { library in
      let film = try await library.asset()
      let frame = try await library.asset(.keyframe, in: film, at: 61_000)
      try await library.index(frame, [passage("EXIT", .onScreen), passage("a door", .visual, start: 5, end: 7)])
      let rows = try await library.rows(of: frame)
      #expect(rows.map(\.start) == [61_000, 61_005])
      #expect(rows.map(\.end) == [61_000, 61_007])
      #expect(rows.allSatisfy { $0.root == film.id.uuid })
    }
  }

  @Test func `a language that the server does not know is taken as simple, once and for all`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      try await library.index(asset, [passage("nuqneH", language: "klingon")])
      let before = try await library.rows(of: asset)
      try await library.index(asset, [passage("nuqneH", language: "klingon")])
      #expect(before.map(\.language) == ["simple"])
      #expect(try await library.rows(of: asset) == before)
    }
  }

  @Test func `an empty artifact and a missing one leave no rows`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      try await library.index(asset, [passage("here")], vectors: ["here": direction(1)])
      try await library.index(asset, nil)
      #expect(try await library.rows(of: asset).isEmpty)
      let vectors = try await library.client.query("select count(*) as count from vector_minilm")
      #expect(try vectors.one()["count", as: Int64.self] == 0)

      try await library.index(asset, [passage("here")])
      try await library.client.withTransaction { transaction throws(PostgresError) in
        try await SearchProjection().apply(to: asset, inputs: [:], on: transaction)
      }
      #expect(try await library.rows(of: asset).isEmpty)
    }
  }

  @Test func `vectors that come later are linked, and those of another organisation never`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      let stranger = try await library.asset(organisation: "rival")
      try await library.index(stranger, [passage("a text")], vectors: ["a text": direction(1)])
      try await library.index(asset, [passage("a text")])
      let before = try await library.rows(of: asset)
      #expect(before.map(\.hasVector) == [false])
      try await library.index(asset, [passage("a text")], vectors: ["a text": direction(1)])
      let after = try await library.rows(of: asset)
      #expect(after.map(\.hasVector) == [true])
      #expect(after.map(\.version) == before.map(\.version))
    }
  }

  @Test func `what is no set of passages fails and changes nothing`() async throws {
    try await Library.with { library in
      let asset = try await library.asset()
      try await library.index(asset, [passage("here")])
      let output = StageOutput(value: ["passages": "none"])
      let input = StageInput(fingerprint: output.fingerprint, value: output.value, blob: nil, isEmpty: false)
      await #expect(throws: (any Error).self) {
        try await library.client.withTransaction { transaction throws(PostgresError) in
          try await SearchProjection().apply(to: asset, inputs: [.passages: input], on: transaction)
        }
      }
      #expect(try await library.rows(of: asset).count == 1)
    }
  }

  @Test func `a thousand passages are one set`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let passages = (0..<1000).map { passage("Sentence number \($0).") }
      try await library.index(asset, passages)
      #expect(try await library.rows(of: asset).map(\.text) == passages.map(\.text))
      try await library.index(asset, passages.reversed())
      #expect(try await library.rows(of: asset).map(\.text) == passages.reversed().map(\.text))
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `after any edits the rows are what the passages say`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    try await Library.with { library in
      let asset = try await library.asset()
      for step in 0..<12 {
        let passages = (0..<Int.random(in: 0...12, using: &random)).map { _ in
          passage(
            "Text \(Int.random(in: 0..<8, using: &random))", Bool.random(using: &random) ? .speech : .title,
            start: Bool.random(using: &random) ? Int64.random(in: 0..<3, using: &random) : nil,
            section: Bool.random(using: &random) ? "Part" : nil,
            language: Bool.random(using: &random) ? "german" : "english")
        }
        try await library.index(asset, passages)
        let rows = try await library.rows(of: asset)
        let expected = passages.map { "\($0.modality.rawValue) \($0.text) \($0.start as Any) \($0.language)" }
        #expect(
          rows.map { "\($0.modality) \($0.text) \($0.start as Any) \($0.language)" } == expected,
          "seed \(seed), step \(step)")
        #expect(rows.map(\.ordinal) == Array(0..<Int32(passages.count)))
      }
    }
  }

  private func vectors(of passages: [PassageSet.Passage]) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: passages.enumerated().map { ($1.text, direction($0)) })
  }
}

/// A row of `passage`, and which version of it.
struct Row: Equatable {
  let id: Int64
  let root: UUID
  let ordinal: Int32
  let modality: String
  let text: String
  let start: Int64?
  let end: Int64?
  let section: String?
  let language: String
  let hasVector: Bool
  /// Another one after each write.
  let version: String
}

extension Library {
  func rows(of asset: StageAsset) async throws -> [Row] {
    try await client.query(
      """
      select p.*, language::text as configuration, p.ctid::text as version,
        exists (select from vector_minilm where passage = p.id) as has_vector
      from passage p where asset = \(asset.id.uuid) order by ordinal
      """
    ).map { row in
      Row(
        id: try row["id", as: Int64.self], root: try row["root", as: UUID.self],
        ordinal: try row["ordinal", as: Int32.self], modality: try row["modality", as: String.self],
        text: try row["text", as: String.self], start: try row["start_ms", as: Int64?.self],
        end: try row["end_ms", as: Int64?.self], section: try row["section", as: String?.self],
        language: try row["configuration", as: String.self], hasVector: try row["has_vector", as: Bool.self],
        version: try row["version", as: String.self])
    }
  }
}

import Pipeline
import PostgreSQL
import Search
import Testing

@Suite struct SearchPlanTests {
  @Test func `ten thousand passages are searched by the indexes, on fresh and on analysed tables`() async throws {
    try await Library.with { library in
      try await library.fill(passages: 10_000)
      for isAnalysed in [false, true] {
        if isAnalysed { try await library.client.query("analyze passage, vector_minilm, embedding, asset") }
        let plan = try await library.plan("ship", vector: direction(1))
        #expect(plan.contains("Bitmap Index Scan on passage_words"), "\(plan)")
        #expect(plan.contains("Index Scan using vector_minilm_nearest"), "\(plan)")
        #expect(plan.contains("vector_minilm_organisation"), "\(plan)")
        #expect(plan.contains("Index Scan using asset_pkey"), "\(plan)")
        #expect(!plan.contains("Seq Scan on passage") && !plan.contains("Seq Scan on vector_minilm"), "\(plan)")
        #expect(!plan.contains("Seq Scan on asset"), "\(plan)")
        let found = try await library.numbers(near: 3000, of: 10_000)
        #expect(found.count > 10 && found.allSatisfy { abs($0 - 3000) < 300 }, "\(found)")
      }
    }
  }

  @Test func `a large organisation is searched by the index, a small one beside it exactly`() async throws {
    try await Library.with { library in
      try await library.fill(passages: 2000)
      let small = try await library.asset(.text, organisation: "small")
      try await library.index(small, [passage("One.")], vectors: ["One.": direction(3, leaning: 0.4, towards: 9)])
      var limits = SearchLimits()
      limits.exactVectors = 500
      let found = try await library.numbers(near: 700, of: 2000, limits: limits)
      #expect(found.count > 10 && found.allSatisfy { abs($0 - 700) < 60 }, "\(found)")
      let hits = try await library.search("galleon", vector: direction(3), organisation: "small", limits: limits).hits
      #expect(hits.map(\.best.text.text) == ["One."])
    }
  }
}

extension Library {
  /// Fills one text asset with passages, straight by SQL. Their vectors lie on a ring in their order,
  /// and each is somewhat like all others: an approximate index finds its way along likeness.
  fileprivate func fill(passages count: Int) async throws {
    let asset = try await asset(.text)
    try await client.query(
      """
      insert into passage (asset, root, ordinal, modality, language, text, words, digest)
      select \(asset.id.uuid), \(asset.id.uuid), n, 'text', 'english', text, to_tsvector('english', text),
        sha256(text::bytea)
      from generate_series(0, \(Int64(count - 1))) n,
        lateral (select format('Passage %s of a %s.', n, case when n < 400 then 'ship' else 'bridge' end) as text) t
      """)
    try await client.query(
      """
      insert into vector_minilm (passage, organisation, vector)
      select id, 'studio', (
        select array_agg(192 - least(distance, 384 - distance) order by d)
        from generate_series(0, 383) d, lateral (select abs(d - p.ordinal * 384.0 / \(Int64(count))) as distance) l
      )::halfvec(384)
      from passage p order by md5(p.id::text)
      """, timeout: .seconds(120))
  }

  /// The numbers of the passages found by a vector at the place of one of them.
  fileprivate func numbers(
    near number: Int, of count: Int, limits: SearchLimits = SearchLimits()
  ) async throws -> [Int] {
    let centre = Float(number) * 384 / Float(count)
    let vector = (0..<384).map { dimension in
      let distance = abs(Float(dimension) - centre)
      return 192 - min(distance, 384 - distance)
    }
    return try await search("galleon", vector: vector, limits: limits).hits.compactMap { hit in
      hit.best.text.text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
  }

  /// The plan of a search that the server keeps for all queries.
  fileprivate func plan(_ text: String, vector: [Float]) async throws -> String {
    let statement = SearchStatement(query: try SearchQuery(text), organisation: "studio", vector: vector)
    return try await client.withTransaction { transaction throws(PostgresError) in
      try await transaction.query(statement.settings)
      return try await transaction.query("explain (generic_plan) " + statement.places).column(
        "QUERY PLAN", as: String.self)
    }.joined(separator: "\n")
  }
}

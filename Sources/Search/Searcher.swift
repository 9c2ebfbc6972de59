package import PostgreSQL

/// Finds passages by their words and by their meaning at once.
package struct Searcher: Sendable {
  private let database: PostgresClient
  private let model: EmbeddingModel
  private let limits: SearchLimits

  /// - Parameter model: the one whose vectors are searched; queries must bring vectors of the same.
  package init(database: PostgresClient, model: EmbeddingModel = .miniLM, limits: SearchLimits = SearchLimits()) {
    self.database = database
    self.model = model
    self.limits = limits
  }

  /// Searches the active assets of one organisation.
  ///
  /// - Parameter vector: of ``SearchQuery/meaning``; nil to go by words alone.
  package func search(
    _ query: SearchQuery, in organisation: String, vector: [Float]?
  ) async throws(SearchError) -> SearchResults {
    if let vector, let problem = InvalidVector(vector, of: model) { throw .invalidVector(problem) }
    let statement = SearchStatement(
      query: query, organisation: organisation, vector: vector, model: model, limits: limits)
    do throws(PostgresTransactionError<PostgresError>) {
      return try await database.withTransaction(isolation: .repeatableRead, isReadOnly: true) {
        transaction throws(PostgresError) in
        try await transaction.query(statement.settings)
        var found: [FoundPassage] = []
        for row in try await transaction.query(statement.places) { found.append(try FoundPassage(row)) }
        var results = HitGrouping(limits: limits).results(of: found, limit: query.limit)
        try await readTexts(of: &results, by: statement, on: transaction)
        return results
      }
    } catch {
      throw .database(error)
    }
  }

  private func readTexts(
    of results: inout SearchResults, by statement: SearchStatement, on transaction: PostgresTransaction
  ) async throws(PostgresError) {
    let passages = results.hits.flatMap(\.matches).map(\.passage)
    guard !passages.isEmpty else { return }
    var texts: [Int64: HighlightedText] = [:]
    for row in try await transaction.query(statement.texts(of: passages)) {
      texts[try row["id", as: Int64.self]] = HighlightedText(marked: try row["marked", as: String.self])
    }
    results.fill(texts)
  }
}

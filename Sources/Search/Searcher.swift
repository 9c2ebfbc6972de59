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
    let found: [FoundPassage]
    do throws(PostgresTransactionError<PostgresError>) {
      found = try await database.withTransaction(isReadOnly: true) { transaction throws(PostgresError) in
        try await transaction.query(statement.settings)
        var found: [FoundPassage] = []
        for row in try await transaction.query(statement.sql) { found.append(try FoundPassage(row)) }
        return found
      }
    } catch {
      throw .database(error)
    }
    return HitGrouping(limits: limits).results(of: found, limit: query.limit)
  }
}

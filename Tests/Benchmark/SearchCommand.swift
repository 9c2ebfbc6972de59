internal import Arguments
internal import Concurrency
internal import JSON
internal import PostgreSQL
internal import Search
internal import Text

/// Searches the passages of an organisation, one query after the other, as `reelmill search` does.
///
/// Standard input has a query a line, such as `{"text": "old harbour", "vector": [0.1, …]}`; without a vector it is
/// searched for by its words alone. The passages are known by their sections.
struct SearchCommand: Command {
  private static let url = Positional("url", .text(placeholder: "postgresql-url"), help: "The database.")
  private static let organisation = Option(
    "organisation", .text, default: "default", help: "Whose passages are searched.")
  private static let limit = Option("limit", .integer(SearchQuery.limits), default: 10, help: "The most hits.")
  private static let warmUp = Option("warm-up", .integer(0...), default: 0, help: "Queries before the clock starts.")
  private static let prints = Flag("sections", help: "Print the sections that each query found.")

  let declaration = CommandDeclaration(
    "search", summary: "search by the queries of standard input",
    arguments: [Self.url, Self.organisation, Self.limit, Self.warmUp, Self.prints])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    let queries = try Self.queries(limit: arguments[Self.limit])
    let loop = EventLoop(name: "search")
    let client = PostgresClient(try PostgresConfiguration(url: arguments[Self.url]), on: loop)
    let searcher = Searcher(database: client)
    let organisation = arguments[Self.organisation]
    for (query, vector) in queries.prefix(arguments[Self.warmUp]) {
      _ = try await searcher.search(query, in: organisation, vector: vector)
    }
    var calls = Latencies()
    var found: [JSON] = []
    let measurement = Measurement()
    for (query, vector) in queries {
      let results = try await calls.measuring {
        try await searcher.search(query, in: organisation, vector: vector)
      }
      found.append(.array(results.hits.map { $0.best.section.map(JSON.string) ?? .null }))
    }
    let sections = arguments[Self.prints] ? ["sections": JSON.array(found)] : [:]
    measurement.report("search", count: queries.count, more: calls.quantiles.merging(sections) { $1 })
    await client.close()
    loop.stop()
  }

  private static func queries(limit: Int) throws -> [(SearchQuery, [Float]?)] {
    var queries: [(SearchQuery, [Float]?)] = []
    while let line = readLine() {
      let query = try JSON(parsing: Array(line.utf8))
      queries.append(
        (
          try SearchQuery(query["text"]?.string ?? "", limit: limit),
          query["vector"]?.array?.compactMap { $0.double.map(Float.init) }
        ))
    }
    return queries
  }
}

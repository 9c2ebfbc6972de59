internal import Arguments
internal import Configuration
internal import JSON
internal import Pipeline
internal import Providers
internal import Search
internal import TerminalOutput

/// `reelmill search`
struct SearchCommand: Command {
  static let words = Positional(
    repeated: "words", .text, atLeast: 1,
    help: "What to look for; \"quotes\" hold a phrase together, -word must not occur (put -- before such words).")
  static let limit = Option("limit", short: "n", .integer(SearchQuery.limits), default: 10, help: "The most hits.")
  static let mediaTypes = Option(
    "media-type", .list(of: .choice(of: MediaType.allCases.map(\.rawValue))), default: [],
    help: "Only these kinds of assets.")

  let declaration = CommandDeclaration(
    "search", summary: "find what was said, shown and written",
    discussion: """
      Goes by words and by meaning at once. A hit says where: the asset, the time in it, and whether it was spoken, \
      seen on the screen or written.
      """,
    arguments: [Self.words, Self.limit, Self.mediaTypes],
    examples: [
      .init("reelmill search renewable energy", "by words and meaning"),
      .init("reelmill search '\"solar panels\"' --media-type video", "a phrase, in videos only"),
    ])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let query: SearchQuery
    do {
      query = try SearchQuery(
        arguments[Self.words].joined(separator: " "),
        mediaTypes: Set(arguments[Self.mediaTypes].compactMap(MediaType.init)), limit: arguments[Self.limit])
    } catch { throw CommandFailure(.usage, "\(error)") }
    try await OpenLibrary.with(context) { library in
      let vector = await vector(of: query, library: library, context: context)
      let results = try await Searcher(database: library.client).search(
        query, in: context.settings[ReelmillSettings.organisation], vector: vector)
      guard !context.wantsJSON else {
        for hit in results.hits { context.print(hit.json) }
        return
      }
      for (index, hit) in results.hits.enumerated() {
        context.print(SearchHitView(hit: hit, place: index + 1, terminal: context.output).text)
      }
      if results.hits.isEmpty { context.say("nothing found") }
      if results.weaker > 0 { context.say("\(results.weaker) weaker hits are not shown") }
    }
  }

  /// The query's vector; without the model the search goes by words alone, and says so.
  private func vector(of query: SearchQuery, library: OpenLibrary, context: CommandContext) async -> [Float]? {
    do throws(ProviderFailure) {
      return try await MiniLMEmbedding(folder: library.places.model).embed([query.meaning]).first
    } catch {
      context.say("searching by words alone: \(error)")
      return nil
    }
  }
}

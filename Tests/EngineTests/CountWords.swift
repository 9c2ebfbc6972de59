import FoundationEssentials
import Pipeline

/// Counts the words of a text: the example of CONTRIBUTING.md.
struct CountWords: Stage {
  let declaration = StageDeclaration(
    name: StageName("count-words"), writes: ArtifactKind(rawValue: "word-count"),
    reads: [.text: [.required(.source)]])

  @concurrent
  func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    guard let source = context.input(.source)?.blob else {
      throw .permanent("source.missing", "expected content in `source`, there is none; hand the asset in again")
    }
    let path = try await context.path(of: source)
    guard let content = FileManager.default.contents(atPath: path) else {
      throw .transient("source.unreadable", "cannot read the content at \(path)")
    }
    let words = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty else { return .finished(.empty(because: "the text has no words")) }
    return .finished(StageOutput(value: ["words": .integer(Int64(words.count))]))
  }
}

internal import Arguments
internal import Glibc
internal import JSON
internal import MiniLM
internal import Text

/// Turns the lines of standard input into vectors with the embedded encoder.
struct EmbedCommand: Command {
  private static let model = Positional("model", .folder, help: "What scripts/fetch-model made.")
  private static let threads = Option("threads", .integer(1...1024), default: 1, help: "Processors to use.")
  private static let batch = Option("batch", .integer(1...100_000), default: 32, help: "Lines in one call.")
  private static let prints = Flag("vectors", help: "Print each line's vector as pgvector reads it.")

  let declaration = CommandDeclaration(
    "embed", summary: "make vectors of the lines of standard input",
    arguments: [Self.model, Self.threads, Self.batch, Self.prints])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    let encoder = try Encoder.load(arguments[Self.model], threads: arguments[Self.threads])
    let size = arguments[Self.batch]
    let batches = stride(from: 0, to: lines.count, by: size).map { Array(lines[$0..<min($0 + size, lines.count)]) }
    // The first call reads the weights from disk.
    if !arguments[Self.prints], let first = batches.first { _ = try await encoder.encode(first) }
    var calls = Latencies()
    let measurement = Measurement()
    for batch in batches {
      let vectors = try await calls.measuring { try await encoder.encode(batch) }
      if arguments[Self.prints] { for vector in vectors { print(vector) } }
    }
    if !arguments[Self.prints] { measurement.report("embed", count: lines.count, more: calls.quantiles) }
  }
}

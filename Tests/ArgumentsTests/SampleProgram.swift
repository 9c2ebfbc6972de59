import Arguments
import Text

/// A program with something of everything.
enum Lane: String, CaseIterable { case live, bulk }

struct ListCommand: Command {
  static let limit = Option("limit", short: "n", .integer(1...100), default: 10, help: "How many to show.")
  static let since = Option(optional: "since", .duration, group: "Filters", help: "Only those of the last while.")
  static let assets = Option(repeated: "asset", short: "a", .text, group: "Filters", help: "Only of this asset.")
  static let lane = Option(
    "lane", .choice, default: Lane.live, help: "The lane: it's \"live\" or bulk; costs $5 `now`.")
  static let quiet = Flag("quiet", short: "q", help: "Print ids alone.")
  static let output = Option(optional: "output", short: "o", .file, help: "Where to write.")
  static let stage = Positional("stage", .choice(of: ["transcribe", "label"]), help: "The stage.")
  static let rest = Positional(repeated: "id", .text, help: "Dead letters.")

  let declaration = CommandDeclaration(
    "list", summary: "list dead letters, newest first",
    discussion: "Dead letters are work that was given up on.\n\n  .starts with a dot\n\\(back) 'quoted",
    arguments: [
      Self.limit, Self.since, Self.assets, Self.lane, Self.quiet, Self.output, Self.stage, Self.rest,
    ],
    examples: [.init("reelmill dlq list --limit 5 transcribe", "The last five of transcription.")])

  func run(_ arguments: ParsedArguments, in context: Void) async throws {}
}

struct UpCommand: Command {
  static let port = Option(required: "port", short: "p", .integer(1...65535), help: "The port.")
  let declaration = CommandDeclaration("up", summary: "run everything", arguments: [Self.port])
  func run(_ arguments: ParsedArguments, in context: Void) async throws {}
}

let verbose = Flag("verbose", short: "v", help: "Say more.")
let color = Option("color", .choice(of: ["auto", "always", "never"]), default: "auto", help: "Colour.")

let sample = Program<Void>(
  "reelmill", version: "1.2.3", summary: "turn media into a library", discussion: "Reelmill — ein Beispiel.",
  globals: [verbose, color],
  commands: [
    .command(UpCommand()), .group("dlq", summary: "look at dead letters", [.command(ListCommand())]),
  ])

/// The values of a command line that is right.
func parsed(_ arguments: String...) throws -> ParsedArguments {
  guard case .run(_, let parsed) = try sample.parse(arguments) else { throw NotACommand() }
  return parsed
}

struct NotACommand: Error {}

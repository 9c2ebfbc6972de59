internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill why`
struct WhyCommand: Command {
  static let asset = Positional("asset", .text, help: AssetArgument.help)
  static let limit = Option(
    "limit", short: "n", .integer(1...10_000), default: 500, help: "The most events, the latest.")

  let declaration = CommandDeclaration(
    "why", summary: "tell an asset's story: every run, attempt, adoption, charge and error",
    arguments: [Self.asset, Self.limit])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      let id = try await AssetArgument.find(arguments[Self.asset], in: library, context)
      let timeline = try await AssetTimeline.read(id, from: try library.operations, limit: arguments[Self.limit])
      guard !context.wantsJSON else { return context.print(timeline.json) }
      var table = Table([.init("WHEN"), .init("WHAT"), .init("", narrowest: 20)])
      for event in timeline.events {
        let (what, more) = event.happening.words
        table.append([event.at.rfc3339, what, more], style: event.happening.style)
      }
      context.print(table.rendered(for: context.output))
      if timeline.isCut { context.say("older events are not shown; see --limit") }
    }
  }
}

extension AssetTimeline.Happening {
  fileprivate var words: (what: String, more: String) {
    switch self {
    case .created(let owner): ("created", "by \(owner)")
    case .edited(let revision): ("edited", "revision \(revision)")
    case .pinned(let kind, let person): ("pinned \(kind)", "by \(person)")
    case .run(let event): ("\(event.stage) \(event.event)", event.words)
    case .started(let stage, let attempt, let worker):
      ("\(stage) running", "attempt \(attempt)\(worker.map { " on \($0)" } ?? "")")
    case .charged(let charge):
      ("charged", "\(charge.provider): \(charge.units) \(charge.unit)\(charge.isSettled ? "" : ", not settled")")
    case .deadLetter(let id, let stage, let code): ("dead letter", "\(stage ?? "") \(code) \(id)")
    case .deleted: ("removed", "")
    case .erased: ("erased", "")
    }
  }

  fileprivate var style: Terminal.Style? {
    switch self {
    case .run(let event) where event.event == "dead": .red
    case .run(let event) where event.event == "parked": .yellow
    case .deadLetter: .red
    default: nil
    }
  }
}

extension RunEvent {
  fileprivate var words: String {
    var words = ["attempt \(attempt)"]
    if let duration { words.append(duration.shortText) }
    if let error { words.append("\(error.printable(limit: 500)) (\(errorCode ?? ""))") }
    return words.joined(separator: ", ")
  }
}

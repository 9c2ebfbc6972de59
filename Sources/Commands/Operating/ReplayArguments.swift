internal import Arguments
internal import Configuration
internal import Identifiers
internal import Operations
internal import Pipeline
internal import PostgreSQL
internal import Text

/// How `reelmill replay` is told what to announce again, and how.
enum ReplayArguments {
  static let selectors: [(flag: Flag, selector: ReplayRequest.Selector)] = [
    (flag("dead", "What open dead letters are about; all of them, or see below."), .dead),
    (flag("failed", "Stages that were given up on, whatever became of their letters."), .failed),
    (flag("outdated", "What another definition than the active one made."), .outdated),
    (flag("stale", "Stages that can run now."), .stale),
    (flag("missing", "Those of them that never made anything."), .missing),
    (flag("lost", "Those about which nothing happened for a while: after a purge."), .lost),
    (flag("all", "Every asset; with --stage, what of these stages is not up to date."), .all),
  ]
  static let fresh = flag("fresh", "Make it again although it stands, and adopt nothing older.")

  static let ids = Option(repeated: "id", .text, group: "Dead letters", help: "Only this letter.")
  static let group = Option(optional: "group", .text, group: "Dead letters", help: "Only letters of this group.")
  static let code = Option(optional: "code", .text, group: "Dead letters", help: "Only letters with this error code.")
  static let since = Option(
    optional: "since", .duration(.seconds(1) ... .seconds(3660 * 24 * 3600)), group: "Dead letters",
    help: "Only letters of the last while.")

  static let stages = Option(
    optional: "stage", .list(of: .text), group: "Which", help: "Only these stages, such as transcribe,embed.")
  static let assets = Option(
    optional: "assets", .list(of: .text), group: "Which", help: "Only these assets and their parts.")
  static let idle = Option(
    "idle", .duration(.seconds(1) ... .seconds(366 * 24 * 3600)), default: .seconds(15 * 60), group: "Which",
    help: "How long nothing happened to what is --lost.")

  static let dryRun = Flag("dry-run", group: "How", help: "Freeze the list and tell what it would do; start nothing.")
  static let rate = Option(optional: "rate", .decimal(0.01...1_000_000), group: "How", help: "Items a second.")
  static let lane = Option(
    "lane", ValueFormat<Lane>.choice, default: .bulk, group: "How", help: "Live competes with what people wait for.")
  static let order = Option(
    "order", format(of: "as-found, newest or tag:<tag>"), default: .asFound, group: "How", help: "Whose turn is first.")
  static let canary = Option(
    optional: "canary", .integer(1...10_000), group: "How", help: "So many must succeed before the others go.")
  static let budget = Option(
    optional: "budget", budgetFormat, group: "How",
    help: "Stop before more is charged: an amount, with a unit such as 3600second, or 20cost for money.")
  static let reason = Option(optional: "reason", .text, group: "How", help: "Why, for those who look at it later.")
  static let wait = Flag("wait", group: "How", help: "Follow it to its end.")

  static let all: [any ArgumentKey] =
    selectors.map(\.flag) + [
      fresh, ids, group, code, since, stages, assets, idle, dryRun, rate, lane, order, canary, budget, reason, wait,
    ]

  private static func flag(_ name: String, _ help: String) -> Flag { Flag(name, group: "What", help: help) }

  private static func format(of expectation: String) -> ValueFormat<ReplayRequest.Order> {
    ValueFormat(
      placeholder: "order", expectation: expectation, parse: { ReplayRequest.Order($0) }, render: { $0.description })
  }

  private static let budgetFormat = ValueFormat<ReplayRequest.Budget>(
    placeholder: "amount", expectation: "a number above 0, with a unit or without, such as 3600second",
    parse: { text in
      let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let amount = Double(number), amount > 0, amount.isFinite else { return nil }
      let unit = text[number.endIndex...]
      return ReplayRequest.Budget(amount: amount, unit: unit.isEmpty ? nil : String(unit))
    }, render: { "\($0.amount)\($0.unit ?? "")" })

  /// What is to be announced again.
  ///
  /// - Throws: ``CommandFailure`` if it is nothing, or more than one thing.
  static func selector(_ arguments: ParsedArguments) throws(CommandFailure) -> ReplayRequest.Selector {
    var chosen = selectors.filter { arguments[$0.flag] }.map(\.selector)
    if chosen.isEmpty, arguments[fresh] { chosen = [.all] }
    guard let selector = chosen.first, chosen.count == 1 else {
      let names = selectors.map { "--\($0.selector)" }.joined(separator: ", ")
      throw CommandFailure(.usage, "say what to announce again, one of \(names); or `reelmill replay list`")
    }
    return selector
  }

  /// What the arguments ask for.
  ///
  /// - Throws: ``CommandFailure`` that says what is wrong.
  static func request(
    _ selector: ReplayRequest.Selector, _ arguments: ParsedArguments, in library: OpenLibrary,
    _ context: CommandContext
  ) async throws -> ReplayRequest {
    var assets: [AssetID] = []
    for text in arguments[Self.assets] ?? [] {
      assets.append(try await AssetArgument.find(text, in: library, context))
    }
    return ReplayRequest(
      selector,
      letters: ReplayRequest.Letters(
        ids: try arguments[ids].map(letter), group: arguments[group], errorCode: arguments[code],
        since: arguments[since].map { Timestamp.now + (.zero - $0) }),
      stages: try StageCatalog.names(arguments[stages] ?? []).sorted(), assets: assets, isFresh: arguments[fresh],
      lane: arguments[lane], order: arguments[order], rate: arguments[rate], canary: arguments[canary],
      budget: arguments[budget], idle: arguments[idle], requestedBy: context.settings[ReelmillSettings.owner],
      reason: arguments[reason])
  }

  private static func letter(_ text: String) throws(CommandFailure) -> UUID {
    guard let id = UUID(text) else {
      throw CommandFailure(.usage, "--id: `\(text)` is not the id of a dead letter; see `reelmill dlq list`")
    }
    return id
  }
}

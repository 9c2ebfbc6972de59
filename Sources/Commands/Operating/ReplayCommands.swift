internal import Arguments
internal import Identifiers
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// How commands are told which replay is meant.
private enum ReplayArgument {
  static let id = Positional("id", .text, help: "The id that `reelmill replay list` shows.")

  static func id(_ arguments: ParsedArguments) throws(CommandFailure) -> UUID {
    guard let id = UUID(arguments[Self.id]) else {
      throw CommandFailure(
        .usage, "`\(arguments[Self.id])` is not the id of a replay; see `reelmill replay list`")
    }
    return id
  }
}

/// `reelmill replay list`
struct ListReplaysCommand: Command {
  static let limit = Option("limit", short: "n", .integer(1...1000), default: 20, help: "The most replays.")

  let declaration = CommandDeclaration("list", summary: "list replays, newest first", arguments: [Self.limit])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      let reports = try await Replays(try library.operations).list(limit: arguments[Self.limit])
      guard !context.wantsJSON else { return context.print(["replays": .array(reports.map(\.json))]) }
      guard !reports.isEmpty else { return context.say("no replays") }
      var table = Table([
        .init("CREATED"), .init("ID"), .init("WHAT"), .init("STATE"), .init("TOTAL", .right),
        .init("SUCCEEDED", .right), .init("FAILED", .right), .init("OPEN", .right), .init("WAITING", .right),
        .init("WHY", narrowest: 20),
      ])
      for report in reports {
        table.append([
          report.createdAt.rfc3339, report.id.description, report.request?.selector.rawValue ?? "–",
          report.state.rawValue, "\(report.total)", "\(report.succeeded + report.sent)", "\(report.failed)",
          "\(report.open)", "\(report.waiting)", report.stateReason ?? report.request?.reason ?? "–",
        ])
      }
      context.print(table.rendered(for: context.output))
    }
  }
}

/// `reelmill replay show`
struct ShowReplayCommand: Command {
  let declaration = CommandDeclaration(
    "show", summary: "show how far a replay is, what failed again and what came since", arguments: [ReplayArgument.id])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let id = try ReplayArgument.id(arguments)
    try await OpenLibrary.with(context) { library in
      let details = try await Replays(try library.operations).details(id)
      guard !context.wantsJSON else { return context.print(details.json) }
      let report = details.report
      var lines = ["\(report.request?.selector.rawValue ?? "replay") \(report.id): \(report.progressText)"]
      lines.append("  created: \(report.createdAt.rfc3339) by \(report.request?.requestedBy ?? "–")")
      if let reason = report.request?.reason { lines.append("  reason: \(reason)") }
      if let why = report.stateReason { lines.append("  \(report.state.rawValue): \(why)") }
      if report.request?.budget != nil { lines.append("  spent: \(report.spent)") }
      lines += details.outcomes.sorted { $0.key.rawValue < $1.key.rawValue }.map { "  \($0.key.rawValue): \($0.value)" }
      lines += details.failures.map { "  failed with \($0.errorCode): \($0.count), such as: \($0.error)" }
      if let count = details.newArrivals, count > 0 { lines.append("  new dead letters since: \(count)") }
      context.print(lines.map { $0.printable(limit: 2000) }.joined(separator: "\n"))
    }
  }
}

/// `reelmill replay watch`
struct WatchReplayCommand: Command {
  let declaration = CommandDeclaration(
    "watch", summary: "follow a replay to its end; ending this ends only the watching",
    arguments: [ReplayArgument.id])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let id = try ReplayArgument.id(arguments)
    try await OpenLibrary.with(context) { library in
      try await ReplayWatch(replays: Replays(try library.operations), context: context).follow(id)
    }
  }
}

/// `reelmill replay pause`
struct PauseReplayCommand: Command {
  static let reason = Option(optional: "reason", .text, help: "Why.")

  let declaration = CommandDeclaration(
    "pause", summary: "announce no more of a replay until it is resumed; what was announced goes on",
    arguments: [ReplayArgument.id, Self.reason])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await steer(arguments, context) { replays, id in
      try await replays.pause(id, reason: arguments[Self.reason])
    }
  }
}

/// `reelmill replay resume`
struct ResumeReplayCommand: Command {
  static let budget = Option(
    optional: "budget", .decimal(0.000_001...), help: "The new bound on all that it is charged, in the same unit.")

  let declaration = CommandDeclaration(
    "resume", summary: "start a list that was previewed, or go on with one that is paused",
    arguments: [ReplayArgument.id, Self.budget])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await steer(arguments, context) { replays, id in
      try await replays.resume(id, budget: arguments[Self.budget])
    }
  }
}

/// `reelmill replay cancel`
struct CancelReplayCommand: Command {
  static let reason = Option(optional: "reason", .text, help: "Why.")

  let declaration = CommandDeclaration(
    "cancel", summary: "announce no more of a replay, for good; what was announced goes on",
    arguments: [ReplayArgument.id, Self.reason])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await steer(arguments, context) { replays, id in
      try await replays.cancel(id, reason: arguments[Self.reason])
    }
  }
}

extension Command {
  /// Does something to a replay, and says where it stands then.
  fileprivate func steer(
    _ arguments: ParsedArguments, _ context: CommandContext, _ action: (Replays, UUID) async throws -> Void
  ) async throws {
    let id = try ReplayArgument.id(arguments)
    try await OpenLibrary.with(context) { library in
      let replays = Replays(try library.operations)
      try await action(replays, id)
      let report = try await replays.report(id)
      context.wantsJSON ? context.print(report.json) : context.print("\(id)  \(report.progressText)")
    }
  }
}

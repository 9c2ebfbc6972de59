internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill costs`
struct CostsCommand: Command {
  static let since = Option(
    "since", .duration(.seconds(1) ... .seconds(3660 * 24 * 3600)), default: .seconds(30 * 24 * 3600),
    help: "How far back.")
  static let grouping = Option(
    "by", ValueFormat<CostReport.Grouping>.choice, default: .day, help: "What the charges are added up by.")

  let declaration = CommandDeclaration(
    "costs", summary: "show what calls to providers have cost",
    discussion: """
      A charge is booked before each call, and settled when the answer is there. UNSETTLED counts calls of which nobody \
      knows whether they were answered: their worker died, or the connection ended. They count as paid.
      """,
    arguments: [Self.since, Self.grouping],
    examples: [.init("reelmill costs --since 7d --by provider", "the last week")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      let report = try await CostReport.read(
        from: try library.operations, by: arguments[Self.grouping], since: arguments[Self.since])
      guard !context.wantsJSON else { return context.print(report.json) }
      guard !report.lines.isEmpty else { return context.say("no charges since \(report.since.rfc3339)") }
      var table = Table([
        .init(report.grouping.rawValue.uppercased()), .init("PROVIDER"), .init("CALLS", .right),
        .init("UNSETTLED", .right), .init("FAILED", .right), .init("UNITS", .right), .init("UNIT"),
        .init("COST", .right),
      ])
      for line in report.lines {
        table.append([
          line.group, line.provider, "\(line.calls)", "\(line.openCalls)", "\(line.failedCalls)",
          Self.text(line.units), line.unit, line.cost.map(Self.text) ?? "–",
        ])
      }
      context.print(table.rendered(for: context.output))
      if let cost = report.cost { context.print("together: \(Self.text(cost))") }
    }
  }

  /// To the hundredth part of a cent: prices of units are small.
  private static func text(_ amount: Double) -> String { "\((amount * 10_000).rounded() / 10_000)" }
}

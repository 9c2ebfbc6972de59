internal import Arguments
internal import JSON
internal import Operations
internal import Pipeline
internal import TerminalOutput
internal import Text

/// `reelmill plan`
struct PlanCommand: Command {
  static let stage = Option(optional: "stage", .text, help: "Only this stage.")

  let declaration = CommandDeclaration(
    "plan", summary: "tell what is stale or outdated over the library, and what it would cost",
    discussion: """
      Stale work runs by itself. Outdated work was made under another definition; it stays in use, and runs when \
      someone says so. Costs come from history.
      """,
    arguments: [Self.stage])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let stage = try arguments[Self.stage].map { name -> StageName in
      guard let stage = StageName(rawValue: name) else { throw CommandFailure(.usage, "`\(name)` is no stage") }
      return stage
    }
    try await OpenLibrary.with(context) { library in
      let plan = try await LibraryPlan.read(from: try library.operations, .init(stage: stage))
      guard !context.wantsJSON else { return context.print(plan.json) }
      let shown: [StageCondition] = [.upToDate, .stale, .running, .waiting, .parked, .outdated, .blocked, .dead]
      var table = Table(
        [.init("STAGE")] + shown.map { .init($0.rawValue.uppercased(), .right) } + [.init("EACH", .right)])
      for stage in plan.stages {
        table.append(
          [stage.name.rawValue] + shown.map { "\(stage.counts[$0, default: 0])" } + [stage.cost.time?.shortText ?? "–"])
      }
      context.print(table.rendered(for: context.output))
      context.print("to come: \(Self.words(plan.expectedCost(of: StageCondition.toCome)))")
      context.print("outdated: \(Self.words(plan.expectedCost(of: [.outdated])))")
    }
  }

  private static func words(_ cost: ExpectedCost) -> String {
    var words = ["\(cost.runs) runs"]
    if cost.runs > 0 { words.append("about \(cost.time.shortText) one after the other") }
    if cost.untimedRuns > 0 { words.append("\(cost.untimedRuns) of them never timed") }
    words += cost.units.sorted { $0.key.provider < $1.key.provider }.map {
      "\($0.value) \($0.key.name) of \($0.key.provider)"
    }
    return words.joined(separator: ", ")
  }
}

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
      context.print("to come: \(plan.expectedCost(of: StageCondition.toCome).words)")
      context.print("outdated: \(plan.expectedCost(of: [.outdated]).words)")
    }
  }
}

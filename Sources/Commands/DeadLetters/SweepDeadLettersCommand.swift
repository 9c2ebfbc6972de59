internal import AMQP
internal import Arguments
internal import Engine
internal import JSON
internal import Operations
internal import Pipeline
internal import TerminalOutput

/// `reelmill dlq sweep`
struct SweepDeadLettersCommand: Command {
  static let dryRun = Flag("dry-run", help: "Only compare how many there are; take nothing.")

  let declaration = CommandDeclaration(
    "sweep", summary: "bring the dead-letter queues in line with what is known of them",
    discussion: """
      Afterwards each queue holds one message for each open letter. What somebody has dealt with leaves the queue, \
      what was lost is put back, messages that nobody knew become dead letters. Workers do so by themselves where the \
      numbers differ; it may be ended at any moment, and run while they work.
      """,
    arguments: [DeadLetterArgument.stage, Self.dryRun])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let stage = try DeadLetterArgument.stage(arguments[DeadLetterArgument.stage])
    try await OpenLibrary.with(context) { library in
      let topology = Topology(stages: try library.pipeline.stages)
      let sweep = DeadLetterSweep(client: library.client, topology: topology, build: ReelmillVersion.build)
      let queues = sweep.queues.filter { stage.map(Topology.deadLetterQueue) ?? $0 == $0 }
      guard !queues.isEmpty else {
        throw CommandFailure(.usage, "there is no stage `\(stage?.rawValue ?? "")`; see `reelmill topology`")
      }
      if arguments[Self.dryRun] {
        try await library.withBroker { connection in try await Self.compare(queues, library, connection, context) }
      } else {
        try await library.withBroker { consuming in
          try await topology.declare(on: consuming)
          try await library.withBroker { publishing in
            try await Self.sweep(queues, sweep, consuming, publishing, context)
          }
        }
      }
    }
  }

  private static func compare(
    _ queues: [String], _ library: OpenLibrary, _ connection: AMQPConnection, _ context: CommandContext
  ) async throws {
    let comparisons = try await DeadLetters(try library.operations).compare(queues, on: connection)
    guard !context.wantsJSON else { return comparisons.forEach { context.print($0.json) } }
    var table = Table([.init("QUEUE"), .init("MESSAGES", .right), .init("OPEN LETTERS", .right)])
    for comparison in comparisons {
      table.append(
        [comparison.queue, comparison.messages.map(String.init) ?? "–", "\(comparison.open)"],
        style: comparison.messages ?? 0 == comparison.open ? nil : .yellow)
    }
    context.print(table.rendered(for: context.output))
  }

  private static func sweep(
    _ queues: [String], _ sweep: DeadLetterSweep, _ consuming: AMQPConnection, _ publishing: AMQPConnection,
    _ context: CommandContext
  ) async throws {
    var table = Table([
      .init("QUEUE"), .init("KEPT", .right), .init("CLOSED", .right), .init("DOUBLED", .right), .init("FOUND", .right),
      .init("RETURNED", .right), .init(""),
    ])
    var line = context.progressLine()
    for queue in queues {
      let report = try await sweep.sweep(queue, consuming: consuming, publishing: publishing) { report in
        line.update("\(report.queue): \(report.walked) walked, \(report.returned) returned")
      }
      line.clear()
      if context.wantsJSON { context.print(report.json) }
      table.append([
        report.queue, "\(report.kept)", "\(report.closed)", "\(report.duplicates)", "\(report.found)",
        "\(report.returned)", report.isBusy ? "left alone: another sweep works on it" : "",
      ])
    }
    if !context.wantsJSON { context.print(table.rendered(for: context.output)) }
  }
}

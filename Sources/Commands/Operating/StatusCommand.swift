internal import AMQP
internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill status`
struct StatusCommand: Command {
  static let watch = Flag("watch", help: "Go on until Ctrl-C: what waits, what runs, and where that goes.")
  static let interval = Option(
    optional: "interval", .duration(.milliseconds(500) ... .seconds(3600)),
    help: "How often `--watch` looks; every two seconds when not given.")

  let declaration = CommandDeclaration(
    "status", summary: "show queues, runs, dead letters, workers and the outbox",
    discussion: """
      With `--watch`, RATE is the runs that ended in a second, DRAINED when nothing waits if it goes on like this, USED \
      the share of the runs that workers may have at a time, and OLDEST how long the first message has waited at most; \
      `>` where it waits since before the watching began. All of them are those of the last 30 seconds.
      """,
    arguments: [Self.watch, Self.interval],
    examples: [.init("reelmill status --watch --interval 5s", "a look every five seconds")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let (watches, interval) = (arguments[Self.watch], arguments[Self.interval])
    guard watches || interval == nil else { throw CommandFailure(.usage, "--interval needs --watch") }
    try await OpenLibrary.with(context) { library in
      guard !watches else {
        return try await StatusWatch(library: library, context: context, interval: interval ?? .seconds(2)).follow()
      }
      var report = try await StatusReport.read(from: try library.operations)
      var brokerFailure: AMQPError?
      let pipeline = try library.pipeline
      do throws(AMQPError) { report.broker = try await library.brokerStatus(of: pipeline) } catch {
        brokerFailure = error
      }
      if context.wantsJSON {
        context.print(report.json)
      } else {
        context.print(Self.stages(report).rendered(for: context.output))
        context.print(Self.summary(report))
      }
      if let brokerFailure { throw CommandFailure(.unavailable, "the broker cannot be asked: \(brokerFailure)") }
    }
  }

  private static func stages(_ report: StatusReport) -> Table {
    var table = Table([
      .init("STAGE"), .init("LIVE", .right), .init("BULK", .right), .init("UNACKED", .right),
      .init("CONSUMERS", .right), .init("RUNNING", .right), .init("PARKED", .right), .init("DONE", .right),
      .init("DEAD", .right), .init("DEAD QUEUE", .right),
    ])
    let queues = Dictionary(
      uniqueKeysWithValues: (report.broker?.stages ?? []).map { ($0.stage.rawValue, $0) })
    for stage in report.stages {
      let queue = queues[stage.stage]
      let lanes = [queue?.live, queue?.bulk].compactMap { $0 }
      let unacknowledged = lanes.compactMap(\.unacknowledged)
      table.append(
        [
          stage.stage, text(queue?.live?.ready), text(queue?.bulk?.ready),
          text(unacknowledged.isEmpty ? nil : unacknowledged.reduce(0, +)),
          text(lanes.isEmpty ? nil : lanes.reduce(0) { $0 + $1.consumers }), text(stage.counts[.running] ?? 0),
          text(stage.counts[.parked] ?? 0), text(stage.counts[.done] ?? 0), text(stage.openDeadLetters),
          text(queue?.dead?.ready),
        ], style: stage.openDeadLetters > 0 ? .red : nil)
    }
    return table
  }

  private static func text(_ count: Int?) -> String { count.map(String.init) ?? "–" }

  private static func summary(_ report: StatusReport) -> String {
    let assets = report.assets.filter { $0.lifecycle == .active }.map { "\($0.count) \($0.mediaType.rawValue)" }
    var lines = report.pauses.map { pause in
      "paused: \(pause.stage) until \(pause.until.rfc3339) by \(pause.owner): \(pause.reason.printable(limit: 200))"
    }
    lines += report.circuits.map { circuit in
      """
      circuit \(circuit.state): \(circuit.worker) keeps away from \(circuit.dependency) since \(circuit.since.rfc3339): \
      \(circuit.reason.printable(limit: 200))
      """
    }
    lines.append("assets: \(assets.isEmpty ? "none" : assets.joined(separator: ", "))")
    let oldest = report.outbox.oldestAge.map { ", the oldest for \($0.shortText)" } ?? ""
    lines.append("outbox: \(report.outbox.count)\(oldest)")
    if let unroutable = report.broker?.unroutable, unroutable.ready > 0 {
      lines.append("unroutable messages: \(unroutable.ready); a producer uses a wrong routing key")
    }
    lines.append("workers: \(report.workers.count)")
    for worker in report.workers {
      lines.append("  \(worker.host) process \(worker.processID), \(worker.build), since \(worker.startedAt.rfc3339)")
    }
    if let due = report.nextDue { lines.append("next parked run due: \(due.rfc3339)") }
    return lines.joined(separator: "\n")
  }
}

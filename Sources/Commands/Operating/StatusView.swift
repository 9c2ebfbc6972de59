package import Operations
package import TerminalOutput
internal import Text

/// What `reelmill status --watch` shows of a report.
package struct StatusView: Sendable {
  private let report: ActivityReport

  private static let barWidth = 10

  package init(_ report: ActivityReport) { self.report = report }

  /// The lines, each ended by a line feed.
  package func text(for terminal: Terminal) -> String {
    let sample = report.sample
    let oldest = sample.outbox.oldestAge.map { " (the oldest for \(Self.text($0)))" } ?? ""
    var text = terminal.styled(
      "\(sample.at.rfc3339) · \(sample.workers) workers · outbox \(sample.outbox.count)\(oldest)", .dim)
    text += "\n\n" + stages.rendered(for: terminal)
    for line in warnings { text += terminal.styled(line, .yellow) + "\n" }
    if !sample.runs.isEmpty { text += "\n" + runs.rendered(for: terminal) }
    let more = sample.stages.reduce(0) { $0 + $1.running } - sample.runs.count
    if more > 0, !sample.runs.isEmpty { text += "and \(more) more\n" }
    return text
  }

  private var stages: Table {
    var table = Table([
      .init("STAGE"), .init("LIVE", .right), .init("BULK", .right), .init("RATE", .right), .init("DRAINED", .right),
      .init("USED", .right), .init("OLDEST", .right), .init("RUNNING", .right), .init("PARKED", .right),
      .init("DEAD", .right),
    ])
    for (stage, trend) in zip(report.sample.stages, report.trends) {
      table.append(
        [
          stage.name, Self.text(stage.live), Self.text(stage.bulk), trend.rate.map(Self.rate) ?? "–",
          trend.drainsIn.map { stage.waiting == 0 ? "" : "in \(Self.text($0))" } ?? "–",
          trend.utilisation.map { "\(Int(($0 * 100).rounded()))%" } ?? "–",
          trend.oldest.map { ($0.isAtLeast ? ">" : "") + Self.text($0.duration) } ?? "", "\(stage.running)",
          "\(stage.parked)", "\(stage.dead)",
        ], style: stage.dead > 0 ? .red : nil)
    }
    return table
  }

  private var warnings: [String] {
    var lines = report.sample.pauses.map { pause in
      let left = pause.until.millisecondsSince1970 - report.sample.at.millisecondsSince1970
      return """
        paused: \(pause.stage) for \(Self.text(.milliseconds(max(0, left)))) more by \
        \(pause.owner.printable(limit: 40)): \(pause.reason.printable(limit: 200))
        """
    }
    lines += report.sample.circuits.map { circuit in
      "circuit \(circuit.state): \(circuit.worker) keeps away from \(circuit.dependency): "
        + circuit.reason.printable(limit: 200)
    }
    if let failure = report.sample.brokerFailure {
      lines.append("the broker cannot be asked: \(failure.printable(limit: 200))")
    }
    return lines
  }

  private var runs: Table {
    var table = Table([
      .init("RUNNING"), .init("ASSET", narrowest: 8), .init("TITLE", narrowest: 6), .init("PROGRESS"),
      .init("FOR", .right), .init("ATTEMPT", .right), .init("WORKER", narrowest: 8),
    ])
    for run in report.sample.runs {
      table.append([
        run.stage, run.asset.description, run.title, run.progress.map(Self.bar) ?? "", Self.text(run.duration),
        "\(run.attempt)", run.worker,
      ])
    }
    return table
  }

  /// `██████░░░░  62%`
  private static func bar(_ progress: Double) -> String {
    let share = min(max(progress, 0), 1)
    let full = Int((share * Double(barWidth)).rounded(.down))
    let percent = "\(Int((share * 100).rounded(.down)))%"
    return String(repeating: "█", count: full) + String(repeating: "░", count: barWidth - full) + " "
      + percent.padded(toWidth: 4, atStart: true)
  }

  private static func text(_ count: Int?) -> String { count.map(String.init) ?? "–" }

  /// To the tenth below ten a second.
  private static func rate(_ rate: Double) -> String {
    rate < 10 ? "\((rate * 10).rounded() / 10)/s" : "\(Int(rate.rounded()))/s"
  }

  /// In whole seconds; in minutes from an hour on, in hours from a day on.
  private static func text(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    let unit: Int64 = seconds < 3600 ? 1 : seconds < 24 * 3600 ? 60 : 3600
    return Duration.seconds(seconds / unit * unit).shortText
  }
}

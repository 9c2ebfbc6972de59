internal import Arguments
internal import Identifiers
internal import JSON
internal import Operations
internal import Text

/// Follows a replay until nothing more comes of it.
struct ReplayWatch: Sendable {
  let replays: Replays
  let context: CommandContext

  private static let interval = Duration.milliseconds(500)

  /// Shows how far it is: in one line, or as JSON an object for each change.
  ///
  /// - Throws: ``CommandFailure`` if it is paused or cancelled, or something failed again.
  func follow(_ id: UUID) async throws {
    var line = context.progressLine()
    var last: ReplayReport?
    while true {
      let report = try await replays.report(id)
      if context.wantsJSON {
        if report.counts != last?.counts { context.print(report.json) }
      } else {
        line.update(report.progressText)
      }
      last = report
      guard report.goesOn else {
        line.finish(report.progressText)
        return try conclude(report)
      }
      try await Task.sleep(for: Self.interval)
    }
  }

  private func conclude(_ report: ReplayReport) throws(CommandFailure) {
    switch report.state {
    case .finished where report.failed == 0: return
    case .finished:
      throw CommandFailure(.failed, "\(report.failed) failed again; `reelmill replay show \(report.id)` says why")
    default:
      throw CommandFailure(
        .cancelled, "the replay is \(report.state.rawValue)\(report.stateReason.map { ": \($0)" } ?? "")")
    }
  }
}

extension ReplayReport {
  /// Whether more comes of it by itself.
  var goesOn: Bool {
    switch state {
    case .running: true
    case .paused, .cancelled: open > 0
    case .selecting, .preview, .finished: false
    }
  }

  /// What a watcher wants to be told of when it changes.
  fileprivate var counts: [Int] { [total, requested, announced, sent, succeeded, failed, dropped, skipped] }

  /// How far it is, in a line.
  var progressText: String {
    var words = ["\(state.rawValue)\(awaitsCanary ? " its canary" : "")"]
    words.append("\(waiting) of \(total) waiting, \(requested) requested, \(announced) announced")
    words.append("\(succeeded) succeeded, \(failed) failed again")
    if sent > 0 { words.append("\(sent) sent") }
    if skipped + dropped > 0 { words.append("\(skipped + dropped) not needed") }
    if let rate, finishedAt == nil { words.append("\((rate * 10).rounded() / 10)/s") }
    if let timeLeft, timeLeft > .zero { words.append("\(timeLeft.shortText) left") }
    return words.joined(separator: " · ")
  }
}

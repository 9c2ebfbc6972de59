internal import PostgreSQL

/// What a row of samples says about where things go.
package struct ActivityTrend: Sendable {
  private var samples: [ActivitySample] = []

  /// Rates are those of so long.
  private static let window: Int64 = 30_000
  /// An hour at one a second; what waits longer than the oldest of them is as old as that at least.
  private static let limit = 3600

  package init() {}

  /// Adds the newest sample.
  package mutating func add(_ sample: ActivitySample) -> ActivityReport {
    if samples.count == Self.limit { samples.removeFirst() }
    samples.append(sample)
    let recent = samples.filter { $0.at.millisecondsSince1970 >= sample.at.millisecondsSince1970 - Self.window }
    return ActivityReport(
      sample: sample,
      trends: sample.stages.map { stage in
        let recently = Self.looks(at: stage.name, in: recent)
        return ActivityReport.Trend(
          rate: Self.rate(recently), drainsIn: Self.drain(recently), utilisation: Self.utilisation(recently),
          oldest: Self.oldest(Self.looks(at: stage.name, in: samples)))
      })
  }

  /// A stage at a time.
  private struct Look {
    let milliseconds: Int64
    let stage: ActivitySample.Stage
  }

  private static func looks(at name: String, in samples: [ActivitySample]) -> [Look] {
    samples.compactMap { sample in
      sample.stages.first { $0.name == name }.map { Look(milliseconds: sample.at.millisecondsSince1970, stage: $0) }
    }
  }

  /// Runs that ended in a second.
  private static func rate(_ looks: [Look]) -> Double? {
    guard let (first, last, seconds) = span(looks), let before = first.stage.concluded, let now = last.stage.concluded
    else { return nil }
    return Double(max(0, now - before)) / seconds
  }

  /// When nothing waits any more, if it goes on like this; nil where the queues do not get shorter.
  private static func drain(_ looks: [Look]) -> Duration? {
    guard let now = looks.last?.stage.waiting else { return nil }
    if now == 0 { return .zero }
    guard let (first, _, seconds) = span(looks), let before = first.stage.waiting, before > now else { return nil }
    return .seconds((Double(now) * seconds / Double(before - now)).rounded())
  }

  /// The share of what workers may have at a time that they had.
  private static func utilisation(_ looks: [Look]) -> Double? {
    let shares = looks.compactMap { look in
      look.stage.slots.flatMap { $0 > 0 ? Double(look.stage.running) / Double($0) : nil }
    }
    return shares.isEmpty ? nil : min(1, shares.reduce(0, +) / Double(shares.count))
  }

  /// How long the first message has waited. Queues keep their order: what came by a look is what had ended by then and
  /// what still waited, so the first message came before the first look by which more had come than have ended now.
  private static func oldest(_ looks: [Look]) -> ActivityReport.Age? {
    guard let last = looks.last, let waiting = last.stage.waiting, waiting > 0 else { return nil }
    let ended = last.stage.concluded ?? 0
    // Whatever was there when nothing waited is gone, counted or not.
    let empty = looks.lastIndex { $0.stage.waiting == 0 }
    let rest = looks[(empty ?? looks.startIndex)...]
    guard last.stage.concluded != nil || empty != nil else { return nil }
    let arrival = rest.firstIndex { look in
      guard let waiting = look.stage.waiting else { return false }
      return last.stage.concluded == nil ? waiting > 0 : (look.stage.concluded ?? 0) + waiting > ended
    }
    guard let arrival else { return nil }
    let isFirst = arrival == looks.startIndex
    // It came between two looks: the earlier bounds its age from above.
    let from = isFirst ? looks[arrival] : looks[arrival - 1]
    return ActivityReport.Age(
      duration: .milliseconds(max(0, last.milliseconds - from.milliseconds)), isAtLeast: isFirst)
  }

  private static func span(_ looks: [Look]) -> (first: Look, last: Look, seconds: Double)? {
    guard let first = looks.first, let last = looks.last, last.milliseconds > first.milliseconds else { return nil }
    return (first, last, Double(last.milliseconds - first.milliseconds) / 1000)
  }
}

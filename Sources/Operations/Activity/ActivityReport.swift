package import JSON
internal import Pipeline
internal import PostgreSQL

/// A sample, and for each of its stages where it goes.
package struct ActivityReport: Sendable, Equatable {
  /// How long something has waited: at most, or at least so long.
  package struct Age: Sendable, Equatable {
    package let duration: Duration
    /// It was there when the watching began.
    package let isAtLeast: Bool

    package init(duration: Duration, isAtLeast: Bool) {
      self.duration = duration
      self.isAtLeast = isAtLeast
    }
  }

  /// Where a stage goes; what cannot be known yet is nil.
  package struct Trend: Sendable, Equatable {
    /// Runs that end in a second.
    package let rate: Double?
    /// When nothing waits any more, if it goes on like this; nil too where it would never be so.
    package let drainsIn: Duration?
    /// 0 to 1.
    package let utilisation: Double?
    package let oldest: Age?

    package init(rate: Double? = nil, drainsIn: Duration? = nil, utilisation: Double? = nil, oldest: Age? = nil) {
      self.rate = rate
      self.drainsIn = drainsIn
      self.utilisation = utilisation
      self.oldest = oldest
    }
  }

  package let sample: ActivitySample
  /// As many as the sample has stages, in their order.
  package let trends: [Trend]

  package init(sample: ActivitySample, trends: [Trend]) {
    self.sample = sample
    self.trends = trends
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "at": .time(sample.at), "stages": .array(zip(sample.stages, trends).map { $0.json($1) }),
      "runs": .array(sample.runs.map(\.json)), "pauses": .array(sample.pauses.map(\.json)),
      "circuits": .array(sample.circuits.map(\.json)), "workers": .count(sample.workers),
      "outbox": ["count": .count(sample.outbox.count), "oldestAgeSeconds": .seconds(sample.outbox.oldestAge)],
      "brokerFailure": .text(sample.brokerFailure),
    ]
  }
}

extension ActivitySample.Stage {
  fileprivate func json(_ trend: ActivityReport.Trend) -> JSON {
    [
      "stage": .string(name), "live": .count(live), "bulk": .count(bulk), "running": .count(running),
      "parked": .count(parked), "openDeadLetters": .count(dead), "perSecond": .number(trend.rate),
      "drainsInSeconds": .seconds(trend.drainsIn), "utilisation": .number(trend.utilisation),
      "oldestAgeSeconds": .seconds(trend.oldest?.duration),
      "oldestAgeIsAtLeast": trend.oldest.map { .bool($0.isAtLeast) } ?? .null,
    ]
  }
}

extension ActivitySample.Run {
  fileprivate var json: JSON {
    [
      "stage": .string(stage), "assetId": .string(asset.description), "title": .string(title),
      "progress": .number(progress), "seconds": .seconds(duration), "attempt": .count(attempt),
      "worker": .string(worker),
    ]
  }
}

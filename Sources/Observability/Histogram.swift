/// How values are distributed over buckets. The name of one that measures durations ends in `_seconds`.
package final class Histogram: Metric {
  package static let typeName = "histogram"

  /// Bounds in seconds for work on media, from a millisecond to an hour: OpenTelemetry's end at ten seconds.
  package static let mediaSeconds: [Double] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
  ]

  private let bounds: [Double]
  /// Per bucket, not cumulated; the last one is what lies above every bound.
  private let counts: [AtomicInteger]
  private let sum = AtomicDouble()

  /// - Parameter bounds: the buckets' inclusive upper bounds, rising.
  init(bounds: [Double]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "a histogram's bounds must rise")
    self.bounds = bounds
    counts = (0...bounds.count).map { _ in AtomicInteger() }
  }

  /// Records a value, without a lock; one that is not a number is left out, for it would spoil the sum for ever.
  package func record(_ value: Double) {
    if value.isNaN { return }
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count].increment()
    sum.add(value)
  }

  /// Records a duration in seconds.
  package func record(_ duration: Duration) { record(duration / .seconds(1)) }

  /// What is recorded while they are read may be in the buckets and not yet in the sum.
  package var samples: [MetricSample] {
    var total = 0
    var samples: [MetricSample] = []
    for (bound, count) in zip(bounds + [.infinity], counts) {
      total += count.value
      samples.append(MetricSample(suffix: "_bucket", upperBound: bound, value: Double(total)))
    }
    samples.append(MetricSample(suffix: "_sum", upperBound: nil, value: sum.value))
    samples.append(MetricSample(suffix: "_count", upperBound: nil, value: Double(total)))
    return samples
  }
}

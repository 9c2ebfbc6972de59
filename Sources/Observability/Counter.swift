/// A number that only grows. Its name ends in `_total`.
package final class Counter: Metric {
  package static let typeName = "counter"
  private let number = AtomicDouble()

  /// - Parameter amount: not negative; a negative one counts as zero.
  package func increment(by amount: Double = 1) { number.add(max(0, amount)) }

  /// What was counted so far.
  package var value: Double { number.value }
  package var samples: [MetricSample] { [MetricSample(suffix: "", upperBound: nil, value: value)] }
}

/// A number that goes up and down.
package final class Gauge: Metric {
  package static let typeName = "gauge"
  private let number = AtomicDouble()
  private let reading: (@Sendable () -> Double)?

  /// - Parameter reading: says what it is whenever somebody asks, instead of what it was set to.
  init(reading: (@Sendable () -> Double)? = nil) { self.reading = reading }

  /// Makes it `value`, whatever it was.
  package func set(to value: Double) { number.value = value }
  /// Adds an amount, which may be negative.
  package func add(_ amount: Double) { number.add(amount) }

  /// What it is now.
  package var value: Double { reading?() ?? number.value }
  package var samples: [MetricSample] { [MetricSample(suffix: "", upperBound: nil, value: value)] }
}

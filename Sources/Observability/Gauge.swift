/// A number that goes up and down.
package final class Gauge: Metric {
  package static let typeName = "gauge"
  private let number = AtomicDouble()

  package func set(to value: Double) { number.value = value }
  package func add(_ amount: Double) { number.add(amount) }

  package var value: Double { number.value }
  package var samples: [MetricSample] { [MetricSample(suffix: "", upperBound: nil, value: value)] }
}

/// A number or a distribution that is measured: ``Counter``, ``Gauge`` or ``Histogram``.
package protocol Metric: Sendable {
  /// The type's name in the exposition format.
  static var typeName: String { get }
  /// What is true now.
  var samples: [MetricSample] { get }
}

/// One number of a metric.
package struct MetricSample: Sendable, Equatable {
  /// What follows the metric's name: empty, or `_bucket`, `_sum`, `_count`.
  package let suffix: String
  /// The label `le` of a histogram's bucket.
  package let upperBound: Double?
  /// The number itself.
  package let value: Double
}

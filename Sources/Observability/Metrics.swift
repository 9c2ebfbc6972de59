internal import Synchronization

/// The metrics of a process, declared once and shown in Prometheus's text format.
///
///     let metrics = Metrics()
///     let published = metrics.counters("reelmill_published_total", help: "Messages published.", labels: ["stage"])
///     published["transcribe"].increment()
package final class Metrics: Sendable {
  private let families = Mutex<[String: any MetricExposition]>([:])

  /// A registry without metrics.
  package init() {}

  /// Declares a counter without labels; its name ends in `_total`.
  package func counter(_ name: String, help: String) -> Counter { counters(name, help: help, labels: [])[] }
  /// Declares a gauge without labels.
  package func gauge(_ name: String, help: String) -> Gauge { gauges(name, help: help, labels: [])[] }
  /// Declares a gauge without labels that is read from elsewhere whenever metrics are shown.
  ///
  /// - Parameter reading: must not block.
  package func gauge(_ name: String, help: String, reading: @escaping @Sendable () -> Double) {
    _ = declare(name, help, []) { Gauge(reading: reading) }[]
  }
  /// Declares a histogram without labels; `bounds` are the upper bounds of its buckets, rising.
  package func histogram(_ name: String, help: String, bounds: [Double] = Histogram.mediaSeconds) -> Histogram {
    histograms(name, help: help, labels: [], bounds: bounds)[]
  }

  /// Declares counters that differ in the values of `labels`.
  package func counters(_ name: String, help: String, labels: [String]) -> MetricFamily<Counter> {
    declare(name, help, labels) { Counter() }
  }

  /// Declares gauges that differ in the values of `labels`.
  package func gauges(_ name: String, help: String, labels: [String]) -> MetricFamily<Gauge> {
    declare(name, help, labels) { Gauge() }
  }

  /// Declares histograms that differ in the values of `labels`.
  package func histograms(
    _ name: String, help: String, labels: [String], bounds: [Double] = Histogram.mediaSeconds
  ) -> MetricFamily<Histogram> {
    declare(name, help, labels) { Histogram(bounds: bounds) }
  }

  /// All metrics, sorted by name; content type `text/plain; version=0.0.4`.
  package var exposition: String {
    families.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value.exposition).joined()
  }

  /// - Precondition: name and labels are as Prometheus wants them, and the name is not taken: mistakes in the source
  ///   that any run shows.
  private func declare<Member>(
    _ name: String, _ help: String, _ labels: [String], make: @escaping @Sendable () -> Member
  ) -> MetricFamily<Member> {
    precondition(([name] + labels).allSatisfy(\.isMetricName), "\(name) \(labels): not names that Prometheus takes")
    precondition(!labels.contains("le"), "\(name): the label 'le' is for histograms' buckets")
    let family = MetricFamily(name: name, help: help, labels: labels, make: make)
    families.withLock { families in
      precondition(families.updateValue(family, forKey: name) == nil, "\(name) was declared twice")
    }
    return family
  }
}

extension String {
  /// A letter, then letters, digits and underscores.
  fileprivate var isMetricName: Bool {
    first?.isNumber == false
      && utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      }
  }
}

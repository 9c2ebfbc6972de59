internal import Synchronization

/// Metrics of one name that differ in the values of their labels: `published["transcribe", "live"].increment()`.
///
/// Labels are for what there are few of; ids are not. After ``seriesLimit`` combinations of values, further ones are
/// counted together under the value `other`.
package final class MetricFamily<Member: Metric>: Sendable {
  private let name: String
  private let help: String
  private let labels: [String]
  private let make: @Sendable () -> Member
  private let members = Mutex<[[String]: Member]>([:])

  /// The most combinations of label values.
  package static var seriesLimit: Int { 1000 }

  init(name: String, help: String, labels: [String], make: @escaping @Sendable () -> Member) {
    self.name = name
    self.help = help
    self.labels = labels
    self.make = make
  }

  /// The metric with these values for the labels, in the order in which they were declared.
  package subscript(_ values: String...) -> Member {
    precondition(values.count == labels.count, "\(name) has the labels \(labels), not \(values.count) of them")
    return members.withLock { members in
      if let member = members[values] { return member }
      let key = members.count < Self.seriesLimit ? values : values.map { _ in "other" }
      if let member = members[key] { return member }
      let member = make()
      members[key] = member
      return member
    }
  }
}

extension MetricFamily: MetricExposition {
  var exposition: String {
    let members = members.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var text = "# HELP \(name) \(help.escapedForHelp)\n# TYPE \(name) \(Member.typeName)\n"
    for (values, member) in members {
      let pairs = zip(labels, values).map { "\($0)=\"\($1.escapedForLabel)\"" }
      for sample in member.samples {
        let bound = sample.upperBound.map { "le=\"\($0.expositionText)\"" }
        let all = (pairs + [bound].compactMap { $0 }).joined(separator: ",")
        text += "\(name)\(sample.suffix)\(all.isEmpty ? "" : "{\(all)}") \(sample.value.expositionText)\n"
      }
    }
    return text
  }
}

/// A family whatever its members.
protocol MetricExposition: Sendable {
  /// The family in Prometheus's text format, version 0.0.4.
  var exposition: String { get }
}

extension String {
  fileprivate var escapedForHelp: String { replacing("\\", with: "\\\\").replacing("\n", with: "\\n") }
  fileprivate var escapedForLabel: String { escapedForHelp.replacing("\"", with: "\\\"") }
}

extension Double {
  fileprivate var expositionText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: self).map { "\($0)" } ?? "\(self)"
  }
}

import FoundationEssentials
import HTTPClient
import JSON
import TestSupport
import Testing

/// The dashboard and the alerts name only metrics that a worker has.
@Suite struct DashboardTests {
  @Test func `every metric that a dashboard, an alert or operations.md names is there`() async throws {
    let names = try Self.named()
    #expect(names.count > 12)
    try await Library.with { library in
      try await library.working { metrics in
        let response = try await HTTPClient().send(
          HTTPRequest("GET", "http://\(metrics)/metrics", deadline: .seconds(20)))
        let lines = String(decoding: response.body, as: UTF8.self).split(separator: "\n")
        let declared = Set(lines.compactMap { $0.hasPrefix("# TYPE ") ? $0.split(separator: " ")[2] : nil })
        for name in names { #expect(declared.contains(Substring(name)), "no worker has the metric \(name)") }
      }
    }
  }

  /// Metrics' names without what histograms add to them.
  private static func named() throws -> Set<String> {
    let files = ["infra/grafana/dashboards/reelmill.json", "infra/prometheus/alerts.yml", "docs/operations.md"]
    var names: Set<String> = []
    for file in files {
      let words = try DocumentsTests.text(of: file).split { !($0.isLetter || $0.isNumber || $0 == "_") }
      for word in words where isMetric(word) {
        names.insert(String(word.replacing("_bucket", with: "").replacing("_seconds_count", with: "_seconds")))
      }
    }
    return names
  }

  private static func isMetric(_ word: Substring) -> Bool {
    word.hasPrefix("reelmill_") || word.hasPrefix("job_duration") || word.hasPrefix("queue_depth")
      || word.hasPrefix("cache_hit") || word.hasPrefix("cache_miss")
  }
}

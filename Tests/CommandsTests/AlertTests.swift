import Concurrency
import FoundationEssentials
import HTTPClient
import JSON
import PostgreSQL
import Subprocess
import TestSupport
import Testing

/// From a poisoned message to an alert of a real Prometheus, with the rules that are delivered.
@Suite struct AlertTests {
  @Test func `a dead letter fires an alert, and closing it clears the alert`() async throws {
    try await Library.with { library in
      try await library.working { metrics in
        let exposition = try await get("http://\(metrics)/metrics")
        #expect(exposition.contains(#"reelmill_dead_letters{stage="dispatch"} 0"#))
        #expect(exposition.contains(#"queue_depth_total{queue="inspect.live"} 0"#))
        #expect(exposition.contains("reelmill_source_up{source=\"broker\"} 1\n"))
        try await withPrometheus(scraping: metrics, in: library.folder) { prometheus in
          try await eventually("Prometheus has seen the worker", within: .seconds(60)) {
            try await get("\(prometheus)/api/v1/query?query=up").contains(#","1"]"#)
          }
          #expect(try await firing(prometheus) == [])
          try await library.publish("not JSON at all", routingKey: "text.initial")
          try await eventually("the alert fires", within: .seconds(60)) {
            try await firing(prometheus) == ["ReelmillDeadLetters"]
          }
          try await close(library)
          try await eventually("the alert is cleared", within: .seconds(60)) { try await firing(prometheus) == [] }
        }
      }
    }
  }

  @Test(arguments: [("nonsense", 78), ("127.0.0.1:99999", 78), ("192.0.2.1:9464", 69)])
  func `an address that cannot be had is an error`(address: String, code: Int32) async throws {
    try await Library.with { library in
      let answer = try await library.reelmill.with(["REELMILL_METRICS_ADDRESS": address])("work")
      #expect(answer.code == code && answer.complaint.contains("metrics.address"), "\(answer.complaint)")
    }
  }

  /// The names of the alerts that fire.
  private func firing(_ prometheus: String) async throws -> [String] {
    let alerts = try JSON(parsing: try await get("\(prometheus)/api/v1/alerts"))["data"]?["alerts"]?.array ?? []
    return alerts.filter { $0["state"] == "firing" }.compactMap { $0["labels"]?["alertname"]?.string }
  }

  private func get(_ url: String) async throws -> String {
    let response = try await HTTPClient().send(HTTPRequest("GET", url, deadline: .seconds(20)))
    return String(decoding: response.body, as: UTF8.self)
  }

  private func close(_ library: Library) async throws {
    let loop = EventLoop(name: "test-close")
    defer { loop.stop() }
    let connection = try await PostgresConnection.connect(try PostgresConfiguration(url: library.databaseURL), on: loop)
    try await connection.query("update dead_letter set state = 'closed'")
    await connection.close()
  }

  /// Runs Prometheus with the rules of the project, which scrapes every second.
  private func withPrometheus(
    scraping target: String, in folder: String, _ body: (String) async throws -> Void
  ) async throws {
    let configuration = """
      global: {scrape_interval: 1s, evaluation_interval: 1s}
      rule_files: ["\(Reelmill.project)/infra/prometheus/alerts.yml"]
      scrape_configs:
        - {job_name: reelmill, static_configs: [{targets: ["\(target)"]}]}
      """
    let (path, log) = ("\(folder)/prometheus.yml", "\(folder)/prometheus.log")
    try Data(configuration.utf8).write(to: URL(filePath: path))
    var command = Command(
      "/usr/bin/prometheus",
      ["--config.file=\(path)", "--storage.tsdb.path=\(folder)/prometheus", "--web.listen-address=127.0.0.1:0"],
      environment: [:], workingDirectory: folder, deadline: .seconds(300))
    command.standardError = .file(path: log)
    try await command.withRunning { prometheus in
      let mark = #"msg="Listening on" address="#
      try await eventually("Prometheus listens", within: .seconds(60)) {
        guard await prometheus.processIdentifier != nil else { throw Unexpected("it ended: \(text(of: log))") }
        return text(of: log).contains(mark)
      }
      let line = try #require(text(of: log).split(separator: "\n").first { $0.contains(mark) })
      let address = try #require(line.split(separator: "address=").last)
      try await body("http://\(address)")
    }
  }
}

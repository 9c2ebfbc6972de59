import Engine
import Observability
import Pipeline
import TestSupport
import Testing

@Suite struct MetricsTests {
  @Test func `runs are counted by stage and outcome, and what is adopted counts as a hit`() async throws {
    let stages = [
      TestStage("costly", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly)),
      TestStage("quick", reads: [.required(ArtifactKind(rawValue: "a"))], writes: "b"),
    ]
    let metrics = Metrics()
    try await EngineHarness.with(stages) { harness in
      try await harness.working(metrics: metrics) {
        let first = try await harness.add("first", content: "same")
        try await harness.finished([first])
        let second = try await harness.add("second", content: "same")
        try await harness.finished([second])
        try await harness.queuesAreEmpty()
      }
    }
    let lines = Set(metrics.exposition.split(separator: "\n"))
    for line in [
      #"job_duration_seconds_count{stage="costly",outcome="finished"} 1"#,
      #"job_duration_seconds_count{stage="costly",outcome="adopted"} 1"#,
      #"job_duration_seconds_count{stage="quick",outcome="finished"} 2"#,
      #"job_duration_seconds_count{stage="quick",outcome="dead"} 0"#,
      #"reelmill_attempts_total{stage="costly"} 2"#, #"reelmill_attempts_total{stage="quick"} 2"#,
      #"cache_hits_total{stage="costly"} 1"#, #"cache_misses_total{stage="costly"} 1"#, "cache_hit_ratio 0.5",
      #"reelmill_leases_lost_total{stage="quick"} 0"#, #"reelmill_messages_taken_total{queue="quick.live"} 2"#,
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }
}

import Observability
import Testing

@Suite struct MetricsTests {
  @Test func `metrics are shown in Prometheus's text format`() {
    let metrics = Metrics()
    let published = metrics.counters(
      "reelmill_published_total", help: "Messages\npublished.", labels: ["stage", "lane"])
    published["transcribe", "live"].increment()
    published["transcribe", "live"].increment(by: 2)
    published["a\"b\\c\nd", "bulk"].increment()
    metrics.gauge("reelmill_connections", help: "Open connections.").set(to: 2.5)
    let seconds = metrics.histogram("reelmill_run_seconds", help: "Runs.", bounds: [0.5, 1])
    for value in [0.1, 0.5, 0.75, 30] { seconds.record(value) }
    seconds.record(.nan)
    #expect(
      metrics.exposition == #"""
        # HELP reelmill_connections Open connections.
        # TYPE reelmill_connections gauge
        reelmill_connections 2.5
        # HELP reelmill_published_total Messages\npublished.
        # TYPE reelmill_published_total counter
        reelmill_published_total{stage="a\"b\\c\nd",lane="bulk"} 1
        reelmill_published_total{stage="transcribe",lane="live"} 3
        # HELP reelmill_run_seconds Runs.
        # TYPE reelmill_run_seconds histogram
        reelmill_run_seconds_bucket{le="0.5"} 2
        reelmill_run_seconds_bucket{le="1"} 3
        reelmill_run_seconds_bucket{le="+Inf"} 4
        reelmill_run_seconds_sum 31.35
        reelmill_run_seconds_count 4

        """#)
  }

  @Test func `nothing is lost when many threads count`() async {
    let metrics = Metrics()
    let counters = metrics.counters("events_total", help: "Events.", labels: ["kind"])
    let gauge = metrics.gauge("level", help: "A level.")
    let seconds = metrics.histogram("work_seconds", help: "Work.", bounds: [1])
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1000 {
            counters["a"].increment()
            gauge.add(1)
            gauge.add(-1)
            seconds.record(.seconds(2))
          }
        }
      }
    }
    #expect(counters["a"].value == 8000)
    #expect(gauge.value == 0)
    #expect(seconds.samples.last?.value == 8000)
  }

  @Test func `too many label values are counted together`() {
    let metrics = Metrics()
    let counters = metrics.counters("events_total", help: "Events.", labels: ["id"])
    for number in 0..<3000 { counters["\(number)"].increment() }
    #expect(counters["other"].value == 2000)
    #expect(metrics.exposition.split(separator: "\n").count == 2 + 1001)
  }

  @Test func `a counter never falls`() {
    let counter = Metrics().counter("events_total", help: "Events.")
    counter.increment(by: 3)
    counter.increment(by: -1)
    #expect(counter.value == 3)
  }

  @Test func `a gauge that is read shows what is true at that moment`() {
    let metrics = Metrics()
    let size = metrics.gauge("size", help: "A size.")
    metrics.gauge("twice", help: "Twice the size.") { size.value * 2 }
    size.set(to: 4)
    #expect(metrics.exposition.contains("\ntwice 8\n"))
  }
}

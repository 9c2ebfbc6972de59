internal import Observability
internal import Pipeline

/// What a worker counts while it works. docs/operations.md describes each metric.
package final class EngineMetrics: Sendable {
  private let stages: [StageName: StageMetrics]
  private let takings: [String: QueueTaking]
  private let providerCalls: MetricFamily<Counter>
  private let providerUnits: MetricFamily<Counter>

  /// Declares the metrics of a pipeline's stages. A registry takes them once.
  init(_ metrics: Metrics, stages names: [StageName]) {
    let durations = metrics.histograms(
      "job_duration_seconds", help: "How long runs took, by stage and by how they ended.", labels: ["stage", "outcome"])
    let attempts = metrics.counters(
      "reelmill_attempts_total", help: "Runs that were started.", labels: ["stage"])
    let hits = metrics.counters(
      "cache_hits_total", help: "Costly results that were there already.", labels: ["stage"])
    let misses = metrics.counters(
      "cache_misses_total", help: "Costly results that had to be made.", labels: ["stage"])
    let lost = metrics.counters(
      "reelmill_leases_lost_total", help: "Runs that were no longer this worker's when it recorded them.",
      labels: ["stage"])
    let taken = metrics.counters("reelmill_messages_taken_total", help: "Messages taken.", labels: ["queue"])
    stages = Dictionary(
      uniqueKeysWithValues: names.map { name in
        let stage = name.rawValue
        return (
          name,
          StageMetrics(
            attempts: attempts[stage], cacheHits: hits[stage], cacheMisses: misses[stage], leasesLost: lost[stage],
            durations: StageMetrics.Outcome.allCases.map { durations[stage, $0.label] })
        )
      })
    let queues = ([.dispatch] + names).flatMap { name in Lane.allCases.map { Topology.queue(name, $0) } }
    takings = Dictionary(uniqueKeysWithValues: queues.map { ($0, QueueTaking(taken: taken[$0])) })
    providerCalls = metrics.counters(
      "reelmill_provider_calls_total", help: "Calls that were booked before they were made.", labels: ["provider"])
    providerUnits = metrics.counters(
      "reelmill_provider_units_total", help: "What the calls were booked with, such as seconds or tokens.",
      labels: ["provider", "unit"])
    let all = Array(stages.values)
    metrics.gauge("cache_hit_ratio", help: "Costly results that were there already, of all; 0 before the first.") {
      let hits = all.reduce(0) { $0 + $1.cacheHits.value }
      let misses = all.reduce(0) { $0 + $1.cacheMisses.value }
      return hits + misses > 0 ? hits / (hits + misses) : 0
    }
  }

  subscript(_ stage: StageName) -> StageMetrics? { stages[stage] }

  func taking(from queue: String) -> QueueTaking? { takings[queue] }

  /// When the message was published that this process took last from a queue, in milliseconds since 1970; nil if that
  /// is not known.
  package func lastPublished(takenFrom queue: String) -> Int64? { takings[queue]?.lastPublished }

  /// Counts a call that is about to be paid for.
  func charged(provider: String, units: Double, unit: String) {
    providerCalls[provider].increment()
    providerUnits[provider, unit].increment(by: units)
  }
}

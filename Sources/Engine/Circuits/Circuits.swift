internal import Concurrency
package import Observability
package import Pipeline
package import PostgreSQL
internal import Synchronization

/// The circuits of one process, a dependency each: providers and the blob store, which are asked through it, and the
/// broker and the database, whose own links say how they are.
///
/// It learns which stages need a dependency from who asks for it: they are not taken while it is known to be down.
package final class Circuits: Sendable {
  /// A circuit that is not closed.
  package struct Report: Sendable, Equatable {
    package let dependency: String
    package let state: Breaker.State
    package let since: Timestamp
    package let reason: String
  }

  private struct Entry {
    var breaker = Breaker()
    /// The links that are down to a dependency which is not asked through the breaker.
    var brokenLinks: Set<String> = []
    var stages: Set<StageName> = []
    var since = Timestamp.now
    var reason = ""

    func state(at now: ContinuousClock.Instant) -> Breaker.State {
      !brokenLinks.isEmpty ? .open : breaker.state(at: now)
    }
  }

  package static let database = "database"
  package static let broker = "broker"
  package static let blobs = "blobs"

  private let entries = Mutex<[String: Entry]>([:])
  private let gauge: MetricFamily<Gauge>
  private let onChange: @Sendable (Report) -> Void

  /// - Parameter onChange: told when a circuit opens or closes.
  package init(metrics: Metrics, onChange: @escaping @Sendable (Report) -> Void = { _ in }) {
    gauge = metrics.gauges(
      "reelmill_circuit_state", help: "Circuits of dependencies: 0 closed, 1 half-open, 2 open.", labels: ["dependency"]
    )
    self.onChange = onChange
  }

  /// Those that are not closed, by name.
  package var reports: [Report] {
    let now = ContinuousClock.now
    return entries.withLock { entries in
      entries.compactMap { name, entry in
        let state = entry.state(at: now)
        guard state != .closed else { return nil }
        return Report(dependency: name, state: state, since: entry.since, reason: entry.reason)
      }
    }.sorted { $0.dependency < $1.dependency }
  }

  /// The dependency that keeps a stage from being taken, if one does.
  package func obstacle(to stage: StageName) -> String? {
    let now = ContinuousClock.now
    return entries.withLock { entries in
      entries.first { $0.value.stages.contains(stage) && $0.value.state(at: now) == .open }?.key
    }
  }

  /// Says how a dependency is that has links of its own.
  ///
  /// - Parameters:
  ///   - link: which of them; the dependency is down while one is.
  ///   - failure: why it cannot be reached; nil if it can.
  package func report(_ dependency: String, link: String = "", failure: String?) {
    change(dependency) { entry, _ in
      if let failure {
        entry.brokenLinks.insert(link)
        entry.reason = failure
      } else {
        entry.brokenLinks.remove(link)
      }
    }
  }

  /// Calls a dependency on behalf of a stage, if its circuit lets calls through, and learns from what comes of it.
  ///
  /// - Parameter preparing: comes before the call where it is let through; its failure says nothing about the dependency.
  /// - Throws: what the call throws, or a deferral that counts no attempt.
  package func call<Value>(
    _ dependency: String, for stage: StageName, preparing: () async throws(StageFailure) -> Void = {},
    _ body: () async throws(StageFailure) -> Value
  ) async throws(StageFailure) -> Value {
    let admission = admit(dependency, for: stage)
    if case .refused(let wait) = admission {
      throw StageFailure(
        .deferred(for: Self.scattered(wait)), code: "circuit.open",
        "`\(dependency)` is not asked at present: \(reason(of: dependency))")
    }
    do throws(StageFailure) { try await preparing() } catch {
      change(dependency) { entry, now in entry.breaker.abandon(admission, at: now) }
      throw error
    }
    do throws(StageFailure) {
      let value = try await body()
      change(dependency) { entry, _ in entry.breaker.succeed() }
      return value
    } catch {
      learn(from: error, of: dependency, admission)
      throw error
    }
  }

  private func admit(_ dependency: String, for stage: StageName) -> Breaker.Admission {
    entries.withLock { entries in
      entries[dependency, default: Entry()].stages.insert(stage)
      return entries[dependency, default: Entry()].breaker.admit(at: .now)
    }
  }

  private func reason(of dependency: String) -> String { entries.withLock { $0[dependency]?.reason ?? "" } }

  private func learn(from failure: StageFailure, of dependency: String, _ admission: Breaker.Admission) {
    change(dependency) { entry, now in
      switch failure.consequence {
      case .unavailable(let pause):
        entry.breaker.fail(admission, at: now, pause: pause)
        entry.reason = failure.description
      case .transient, .unknown:
        entry.breaker.doubt(admission, at: now)
        entry.reason = failure.description
      case .deferred(let wait):
        // It answers, and has enough to do.
        entry.breaker.succeed()
        entry.breaker.hold(until: now + wait)
        entry.reason = failure.description
      case .permanent: entry.breaker.succeed()
      case .interrupted: entry.breaker.abandon(admission, at: now)
      }
    }
  }

  private func change(_ dependency: String, _ body: (inout Entry, ContinuousClock.Instant) -> Void) {
    let now = ContinuousClock.now
    let report = entries.withLock { entries -> Report? in
      var entry = entries[dependency, default: Entry()]
      let before = entry.state(at: now)
      body(&entry, now)
      let after = entry.state(at: now)
      if before == .closed { entry.since = .now }
      entries[dependency] = entry
      gauge[dependency].set(to: after.level)
      guard (before == .closed) != (after == .closed) else { return nil }
      return Report(dependency: dependency, state: after, since: entry.since, reason: entry.reason)
    }
    if let report { onChange(report) }
  }

  /// Those who were refused together do not come back together.
  private static func scattered(_ wait: Duration) -> Duration { wait + .milliseconds(Int64.random(in: 100...1500)) }
}

extension Breaker.State {
  /// As a number, for metrics.
  fileprivate var level: Double {
    switch self {
    case .closed: 0
    case .halfOpen: 1
    case .open: 2
    }
  }
}

internal import JSON

/// How long each of many calls took.
struct Latencies {
  private var durations: [Duration] = []

  /// Makes a call and takes its time.
  mutating func measuring<Value>(_ call: () async throws -> Value) async rethrows -> Value {
    let start = ContinuousClock.now
    let value = try await call()
    durations.append(ContinuousClock.now - start)
    return value
  }

  /// The median, the 95th and the 99th percentile, in milliseconds.
  var quantiles: [String: JSON] {
    let sorted = durations.sorted()
    guard !sorted.isEmpty else { return [:] }
    func quantile(_ share: Double) -> JSON {
      .number(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] / .milliseconds(1))
    }
    return ["p50": quantile(0.5), "p95": quantile(0.95), "p99": quantile(0.99)]
  }
}

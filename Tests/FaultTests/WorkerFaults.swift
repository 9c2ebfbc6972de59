import Testing

/// Workers that die, stop, sleep, and come back.
extension Faults {
  @Suite struct WorkerFaults {
    /// The time between two deaths.
    private static let interval = Duration.seconds(2)

    @Test func `workers that are killed one after the other lose nothing`() async throws {
      var options = Scenario.Options()
      options.workers = 3
      options.workerSettings = ["window=10"]
      try await Scenario.run(options) { scenario in
        try await scenario.untilComplete(every: Self.interval) {
          if let victim = scenario.dice.choose(await scenario.crew.living) { await scenario.crew.kill(victim) }
          try await scenario.crew.hire()
        }
      }
    }
  }
}

import Testing

/// Broker and database that stop and start again.
extension Faults {
  @Suite struct ServiceFaults {
    /// When, and how each time.
    private static let restarts: [(Double, ServiceProcess.Ending)] = [(0.2, .cleanly), (0.5, .killed), (0.8, .killed)]

    @Test func `a broker that is restarted three times loses nothing`() async throws {
      try await Scenario.run { scenario in
        for (moment, ending) in Self.restarts {
          try await scenario.reaches(moment)
          try await scenario.services.broker.restart(ending)
        }
      }
    }

    @Test func `a database that is restarted three times loses nothing`() async throws {
      try await Scenario.run { scenario in
        for (moment, ending) in Self.restarts {
          try await scenario.reaches(moment)
          try await scenario.services.database.restart(ending)
        }
      }
    }

    @Test func `broker and database that are killed at once lose nothing`() async throws {
      try await Scenario.run { scenario in
        for moment in FaultSize.choose(short: [0.4], long: [0.2, 0.5, 0.8]) {
          try await scenario.reaches(moment)
          async let broker: Void = scenario.services.broker.restart(.killed)
          async let database: Void = scenario.services.database.restart(.killed)
          _ = try await (broker, database)
        }
      }
    }
  }
}

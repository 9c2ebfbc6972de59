import TestSupport
import Testing

/// Broker and database that stop and start again.
extension Faults {
  @Suite struct ServiceFaults {
    /// When, and how each time.
    private static let restarts: [(Double, ServiceProcess.Ending)] = FaultSize.choose(
      short: [(0.3, .cleanly), (0.7, .killed)], long: [(0.2, .cleanly), (0.5, .killed), (0.8, .killed)])

    @Test func `a broker that is restarted again and again loses nothing`() async throws {
      try await Scenario.run { scenario in
        for (moment, ending) in Self.restarts {
          try await scenario.reaches(moment)
          try await scenario.services.broker.restart(ending)
        }
      }
    }

    @Test func `a database that is restarted again and again loses nothing`() async throws {
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

    @Test func `what a broker held whose data is gone is announced again by a replay of what is lost`() async throws {
      try await Scenario.run { scenario in
        try await scenario.reaches(0.4)
        // Without their virtual host they would end by themselves, and say so.
        for worker in await scenario.crew.living { await scenario.crew.kill(worker) }
        try await scenario.loseBrokerData()
        try await scenario.crew.hire("replay=lost")
        try await scenario.crew.hire()
      }
    }

    @Test func `a database that is lost for good is replaced by its synchronous standby, and nothing is lost with it`()
      async throws
    {
      guard let services = FaultServices.shared else { throw Unavailable("the suite has no services") }
      try await withFolder { folder in
        try await Standby.run(of: services, in: folder) { standby in
          var options = Scenario.Options()
          options.isProxied = true
          try await Scenario.run(options) { scenario in
            try await scenario.reaches(0.4)
            await services.database.stop(.killed)
            try await standby.promote()
            scenario.databaseProxy?.turn(to: standby.process.port)
            try await scenario.reaches(1)
            // What comes back is for the next scenario.
            try await services.database.start()
            try await Standby.execute(["alter system reset synchronous_standby_names"], at: services.databaseURL)
          }
        }
      }
    }
  }
}

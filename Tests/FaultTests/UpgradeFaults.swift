import TestSupport
import Testing

/// Builds that differ, at work on one library.
extension Faults {
  @Suite struct UpgradeFaults {
    @Test func `old and new workers side by side each do what they can, and none undoes what the other did`()
      async throws
    {
      var options = Scenario.Options()
      options.workers = 1
      try await Scenario.run(options) { scenario in
        try await scenario.crew.hire("version=2", "migrate=no")
        try await scenario.reaches(0.4)
        // It makes its own definition the active one; what the old one made is outdated from now on, not stale.
        try await scenario.crew.hire("version=2")
        // What was in before may all be done by the old one, which learns within moments that it is to stop.
        try await eventually("both definitions made results", within: FaultSize.patience) {
          try await scenario.feed.handIn("late-\(scenario.feed.assets.count)")
          try await scenario.lasts(.milliseconds(300))
          return try await scenario.count("select count(distinct definition) as n from artifact where kind = 'b'") == 2
        }
      }
    }
  }
}

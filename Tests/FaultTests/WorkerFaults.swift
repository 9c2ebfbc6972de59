import Engine
import FoundationEssentials
import Pipeline
import TestSupport
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

    @Test func `workers that are asked to stop in the middle of everything pay for nothing twice`() async throws {
      var options = Scenario.Options()
      options.workers = 3
      options.workerSettings = ["window=10"]
      try await Scenario.run(options) { scenario in
        try await scenario.untilComplete(every: Self.interval) {
          if let worker = scenario.dice.choose(await scenario.crew.living) { await worker.stop() }
          try await scenario.crew.hire()
        }
      }
    }

    @Test func `a worker that sleeps for longer than its lease can record nothing when it wakes`() async throws {
      var options = Scenario.Options()
      // The broker takes back what the sleepers hold.
      options.brokerQuery = "?heartbeat=2"
      try await Scenario.run(options) { scenario in
        let places = ["ran:costly", "charged:costly", "claimed:two", "recorded:three", "published:outbox"]
        var sleepers: [Worker] = []
        for place in places { sleepers.append(try await scenario.crew.hire("stop=\(place)")) }
        for sleeper in sleepers {
          try await eventually("worker \(sleeper.number) sleeps", within: FaultSize.patience) {
            await sleeper.isStopped
          }
          await scenario.crew.noteLoss()
        }
        // Others have done what was theirs, and nothing is locked by them.
        try await scenario.reaches(1)
        try await eventually("the outbox is free", within: FaultSize.patience) {
          try await scenario.count("select count(*) as n from outbox") == 0
        }
        for sleeper in sleepers { await sleeper.thaw() }
      }
    }

    @Test(.enabled("libfaketime is not installed (Debian: libfaketime)") { FakeClock.library != nil })
    func `workers whose clocks are an hour off, both ways, agree with all others`() async throws {
      try await Scenario.run { scenario in
        // Messages that come before their assets: how long to wait for those is nobody's own clock's business.
        let late = try (0..<20).map { (id: try AssetID(parsing: "late-\($0)"), mediaType: MediaType.text) }
        for hours in ["+1h", "-1h"] { try await scenario.crew.hire(environment: FakeClock.environment(hours)) }
        try await scenario.ring(.refresh, of: late)
        try await scenario.reaches(0.9)
        try await scenario.lasts(FaultSize.choose(short: .seconds(6), long: .seconds(30)))
        #expect(try await scenario.count("select count(*) as n from dead_letter") == 0)
        for index in 0..<20 { try await scenario.feed.handIn("late-\(index)") }
      }
    }
  }
}

/// Debian's libfaketime, which shifts the wall clock of a process.
private enum FakeClock {
  static let library: String? = {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
    return folders.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }()

  /// - Parameter offset: such as `+1h`.
  static func environment(_ offset: String) -> [String: String] {
    ["LD_PRELOAD": library ?? "", "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
  }
}

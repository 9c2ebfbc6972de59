import AMQP
import Engine
import Pipeline
import TestSupport
import Testing

/// A broker that is short of something, and queues that are long.
extension Faults {
  @Suite struct PressureFaults {
    /// What makes the broker stop taking messages, and what ends that.
    enum Alarm: String, CaseIterable, Sendable {
      case memory, disk

      var raise: String {
        switch self {
        case .memory: "vm_memory_monitor set_vm_memory_high_watermark [0.000001]"
        case .disk: "rabbit_disk_monitor set_disk_free_limit [9000000000000000]"
        }
      }

      var end: String {
        switch self {
        case .memory: "vm_memory_monitor set_vm_memory_high_watermark [0.4]"
        case .disk: "rabbit_disk_monitor set_disk_free_limit [50000000]"
        }
      }
    }

    @Test(arguments: Alarm.allCases)
    func `while the broker is short of something, publishers wait and the outbox keeps what comes`(
      _ alarm: Alarm
    ) async throws {
      try await Scenario.run { scenario in
        try await scenario.reaches(0.3)
        try await scenario.services.brokerCall(alarm.raise)
        do {
          for index in 0..<10 { try await scenario.feed.handIn("meanwhile-\(index)") }
          try await scenario.lasts(FaultSize.choose(short: .seconds(2), long: .seconds(40)))
          #expect(try await scenario.count("select count(*) as n from outbox") >= 10)
          #expect(try await scenario.count("select count(*) as n from dead_letter") == 0)
        } catch {
          try await scenario.services.brokerCall(alarm.end)
          throw error
        }
        try await scenario.services.brokerCall(alarm.end)
      }
    }

    @Test func `a long backlog in both lanes is worked off side by side, in the same memory`() async throws {
      var options = Scenario.Options()
      options.assets = 10
      try await Scenario.run(options) { scenario in
        try await scenario.reaches(1)
        await scenario.crew.stopAll()
        let backlog = FaultSize.choose(short: 25_000, long: 500_000)
        let assets = await scenario.feed.assets
        let rings = (0..<backlog).map { (id: assets[$0 % assets.count], mediaType: MediaType.text) }
        for lane in Lane.allCases { try await scenario.ring(.refresh, of: rings, lane: lane) }

        let worker = try await scenario.crew.hire()
        try await scenario.drains("dispatch.live", to: backlog * 8 / 10)
        let before = try #require(await worker.residentMemory)
        try await scenario.drains("dispatch.live", to: backlog * 2 / 10)
        let after = try #require(await worker.residentMemory)
        let bulk = try await scenario.ready("dispatch.bulk")
        #expect(after < before + (32 << 20), "from \(before >> 20) MiB to \(after >> 20) MiB")
        #expect(bulk < backlog * 8 / 10, "bulk waits for live")
      }
    }
  }
}

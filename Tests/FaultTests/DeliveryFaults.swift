import AMQP
import Engine
import TestSupport
import Testing

/// Messages that come twice, do not come at all, or are taken away while they are worked on.
extension Faults {
  @Suite struct DeliveryFaults {
    @Test func `every message that comes twice at once, to two workers, does its work once`() async throws {
      try await Scenario.run { scenario in try await scenario.doubleMessages() }
    }

    @Test func `queues that are deleted and purged under their workers are made again, and a refresh does the rest`()
      async throws
    {
      try await Scenario.run { scenario in
        try await scenario.reaches(0.2)
        // Its consumers are cancelled by the server.
        try await scenario.withBrokerConnection { _ = try await $0.deleteQueue("two.live") }
        try await scenario.reaches(0.3)
        try await scenario.withBrokerConnection { connection in
          for queue in ["three.live", "dispatch.live"] { _ = try await connection.purgeQueue(queue) }
        }
        try await scenario.reaches(0.4)
        try await scenario.withBrokerConnection { _ = try await $0.deleteQueue("dispatch.live") }
        try await scenario.untilComplete(every: .seconds(2)) { try await scenario.ringUnfinished() }
        // What came while its queue was away was kept there.
        try await scenario.withBrokerConnection { _ = try await $0.purgeQueue(Topology.unroutable) }
      }
    }

    @Test func `work that takes longer than the acknowledgement timeout is done once`() async throws {
      guard let services = FaultServices.shared else { throw Unavailable("the suite has no services") }
      var options = Scenario.Options()
      options.assets = FaultSize.choose(short: 4, long: 20)
      // Three windows, and the broker looks at intervals of its own.
      let timeout = FaultSize.choose(short: 2000, long: 60_000)
      options.workerSettings = ["window=\(timeout)"]
      try await services.brokerCall("application set_env [rabbit, consumer_timeout, \(timeout)]")
      try await services.brokerCall("application set_env [rabbit, channel_tick_interval, \(timeout / 2)]")
      try await Scenario.run(options) { scenario in
        try await scenario.reaches(1)
        #expect(await scenario.crew.said("PRECONDITION_FAILED"), "no delivery was held for too long")
      }
      try await services.brokerCall("application set_env [rabbit, consumer_timeout, 1800000]")
      try await services.brokerCall("application set_env [rabbit, channel_tick_interval, 60000]")
    }
  }
}

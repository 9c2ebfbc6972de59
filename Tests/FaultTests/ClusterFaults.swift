import TestSupport
import Testing

/// A cluster of brokers that loses one node after the other.
extension Faults {
  @Suite struct ClusterFaults {
    @Test func `a cluster whose nodes are killed and frozen one at a time, leaders included, loses nothing`()
      async throws
    {
      guard let shared = FaultServices.shared else { throw Unavailable("the suite has no services") }
      try await withFolder { folder in
        try await BrokerCluster.run(in: folder, with: shared) { cluster in
          var options = Scenario.Options()
          options.isProxied = true
          options.brokerQuery = "?heartbeat=2"
          try await Scenario.run(options, on: cluster.services) { scenario in
            // All queues were declared there: it leads them.
            try await scenario.reaches(0.2)
            await cluster.nodes[0].stop(.killed)
            scenario.brokerProxy?.turn(to: cluster.nodes[1].port)
            try await scenario.reaches(0.5)
            try await cluster.nodes[0].start()

            await cluster.nodes[1].freeze()
            try await scenario.lasts(FaultSize.choose(short: .seconds(2), long: .seconds(30)))
            scenario.brokerProxy?.turn(to: cluster.nodes[2].port)
            try await scenario.reaches(0.8)
            await cluster.nodes[1].thaw()

            await cluster.nodes[2].stop(.killed)
            scenario.brokerProxy?.turn(to: cluster.nodes[0].port)
            try await scenario.reaches(1)
            try await cluster.nodes[2].start()
          }
        }
      }
    }
  }
}

import Synchronization
import Testing

/// Networks that lose what they carry.
extension Faults {
  @Suite struct NetworkFaults {
    enum Side: String, CaseIterable, Sendable {
      case broker, database
    }

    @Test(arguments: Side.allCases)
    func `a network that drops everything for a while, and resets nothing, costs only time`(_ side: Side) async throws {
      var options = Scenario.Options()
      options.isProxied = true
      options.brokerQuery = "?heartbeat=2"
      try await Scenario.run(options) { scenario in
        try await scenario.reaches(0.3)
        let proxy = side == .broker ? scenario.brokerProxy : scenario.databaseProxy
        proxy?.drop()
        try await scenario.lasts(FaultSize.choose(short: .seconds(6), long: .seconds(30)))
        // Nobody could renew a lease meanwhile: whoever is first afterwards may take over what others still do.
        if side == .database { for _ in 0..<scenario.options.workers { await scenario.crew.noteLoss() } }
        proxy?.restore()
      }
    }

    @Test func `a commit whose answer is lost with its connection counts once`() async throws {
      var options = Scenario.Options()
      options.isProxied = true
      try await Scenario.run(options) { scenario in
        let cuts = Counter()
        // The server has committed; the client does not learn of it.
        scenario.databaseProxy?.judge { [dice = scenario.dice] bytes in
          guard bytes.firstRange(of: Self.committed) != nil, dice.roll(0..<20) == 0 else { return .pass }
          cuts.add()
          return .cut
        }
        try await scenario.reaches(0.9)
        scenario.databaseProxy?.judge(nil)
        #expect(cuts.value > 0, "no commit was cut")
      }
    }

    /// The message CommandComplete of the PostgreSQL protocol, for COMMIT.
    private static let committed: [UInt8] = [UInt8(ascii: "C"), 0, 0, 0, 11] + Array("COMMIT".utf8) + [0]
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}

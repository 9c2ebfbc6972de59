import Engine
import Subprocess
import TestSupport
import Testing

/// Ends a worker by SIGKILL at every place between two effects, and lets another one go on.
@Suite struct CrashTests {
  /// A place where a worker dies.
  struct Fault: CustomTestStringConvertible {
    let step: EngineStep
    let stage: String

    var testDescription: String { "\(step) of \(stage)" }
  }

  static let ordinary: [EngineStep] = [.taken, .claimed, .ran, .recorded, .announced]

  static let kinds: [[Fault]] = [
    ordinary.map { Fault(step: $0, stage: "one") },
    ordinary.map { Fault(step: $0, stage: "four") },
    (ordinary + [.leased, .charged, .windowed]).map { Fault(step: $0, stage: "costly") },
    ordinary.map { Fault(step: $0, stage: "frames") },
    [.taken, .recorded, .announced].map { Fault(step: $0, stage: "dispatch") }
      + [Fault(step: .published, stage: "outbox")],
  ]

  @Test(arguments: kinds)
  func `whatever a worker dies between, all is done once`(_ faults: [Fault]) async throws {
    try await EngineHarness.with([]) { harness in
      for (round, fault) in faults.enumerated() {
        for index in 0..<3 { _ = try await harness.add("asset-\(round)-\(index)") }
        let outcome = try await WorkerProcess(harness, fault: (fault.step.rawValue, fault.stage)).command.run()
        #expect(outcome.termination == .signalled(9), "\(fault): \(outcome.standardError)")
        try await WorkerProcess(harness).command.withRunning { _ in
          try await harness.everythingDone(assets: (round + 1) * 3, after: fault.testDescription)
        }
      }
      try await harness.expectEachOnce(kills: faults.count)
    }
  }

  @Test func `what kills its worker again and again is given up, and its neighbours are not`() async throws {
    try await EngineHarness.with([]) { harness in
      for index in 0..<10 { _ = try await harness.add("asset-\(index)", title: index == 4 ? "poison" : "good") }
      for death in 1...3 {
        let outcome = try await WorkerProcess(harness).command.run()
        #expect(outcome.termination == .signalled(9), "death \(death)")
      }
      try await WorkerProcess(harness).command.withRunning { _ in
        try await eventually("all else is complete", within: .seconds(40)) {
          try await harness.count("select count(*) as n from artifact where inputs is not null") == 10 * 8 - 1
        }
      }
      #expect(try await harness.deadLetters() == [DeadRow(queue: "three.dead", code: "worker.crashed")])
    }
  }
}

extension EngineHarness {
  /// Each asset has artifacts of six stages and two children with one each.
  fileprivate func everythingDone(assets: Int, after fault: String) async throws {
    try await eventually("\(assets) assets are complete after a death at \(fault)", within: .seconds(40)) {
      let complete = assets * 8
      return try await count(
        """
        select count(*) - (select count(*) from outbox) - (select count(*) from run where state <> 'done') as n
        from artifact where inputs is not null
        """) == complete
    }
    try await queuesAreEmpty()
  }

  fileprivate func expectEachOnce(kills: Int) async throws {
    let doubled = try await count(
      """
      select count(*) as n from (
        select from history where event in ('done', 'adopted') group by asset, stage having count(*) > 1) as d
      """)
    #expect(doubled == 0, "results recorded twice")
    let windows = try await count("select count(*) * 3 as n from artifact where kind = 'e'")
    #expect(try await count("select count(*) as n from charge") <= windows + kills)
    for table in ["run_window", "recipe_lease", "dead_letter"] {
      #expect(try await count("select count(*) as n from \(identifier: table)") == 0, "\(table)")
    }
  }
}

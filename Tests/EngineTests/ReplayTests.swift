import Engine
import Identifiers
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// What is announced again on request, from the frozen list to the last outcome.
@Suite struct ReplayTests {
  @Test func `what was given up runs again, that stage alone, and its dead letters are closed`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      try await harness.working {
        let ids = try await harness.addSome(10, poisoned: 4)
        try await harness.finished(ids)
        #expect(pipeline.stages.map(\.runCount) == [10, 6, 10])
        pipeline.mend()
        let report = try await harness.replayed(ReplayRequest(.dead, requestedBy: "ada", reason: "mended"))
        #expect(report.total == 4 && report.succeeded == 4 && report.failed == 0 && report.announced == 4)
        try await harness.finished(ids)
      }
      #expect(pipeline.stages.map(\.runCount) == [14, 10, 10], "only what read the new artifact ran beside it")
      let letters = try await harness.client.query("select state, outcome from dead_letter").map { row in
        try [row["state", as: String.self], row["outcome", as: String?.self]]
      }
      #expect(letters == Array(repeating: ["closed", "succeeded"], count: 4))
      #expect(try await harness.count("select count(*) as n from run where state <> 'done'") == 0)
      #expect(
        try await harness.count("select count(*) as n from history where event = 'requested' and detail like '%mended'")
          == 4)
    }
  }

  @Test func `what fails again leaves one open letter that says why, and can be replayed`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      try await harness.working {
        try await harness.finished(try await harness.addSome(2, poisoned: 2))
        let again = try await harness.replayed(ReplayRequest(.dead, requestedBy: "ada"))
        #expect(again.failed == 2 && again.succeeded == 0)
        #expect(try await harness.count("select count(*) as n from dead_letter where state = 'open'") == 2)
        #expect(try await harness.count("select count(*) as n from dead_letter where outcome = 'failed'") == 2)
        let details = try await harness.replays.details(again.id)
        #expect(details.failures.map(\.errorCode) == ["test.refused"] && details.newArrivals == 0)
        pipeline.mend()
        let mended = try await harness.replayed(ReplayRequest(.failed, requestedBy: "ada"))
        #expect(mended.total == 2 && mended.succeeded == 2)
        #expect(try await harness.count("select count(*) as n from dead_letter where state = 'open'") == 0)
      }
    }
  }

  @Test func `what an older definition made is made again, and then nothing is outdated`() async throws {
    let (old, new) = (BreakablePipeline.sound(), BreakablePipeline.sound(version: 2))
    try await EngineHarness.with(old) { harness in
      try await harness.working { try await harness.finished(try await harness.addSome(6)) }
      _ = try await Migrator(client: harness.client).migrate(definitions: new.map(\.declaration.definition))
      let renewed = harness.with(stages: new)
      try await renewed.working {
        #expect(try await renewed.replays.preview(ReplayRequest(.stale, requestedBy: "ada")).announced == 0)
        let report = try await renewed.replayed(ReplayRequest(.outdated, stages: ["first"], requestedBy: "ada"))
        #expect(report.total == 6 && report.succeeded == 6)
        let again = try await renewed.replayed(ReplayRequest(.outdated, requestedBy: "ada"))
        #expect(again.total == 0 && again.state == .finished)
      }
      #expect(new.map(\.runCount) == [6, 0, 0], "the artifacts are the same, so their readers need not run")
    }
  }

  @Test func `afresh means past the cache, and once for equal content`() async throws {
    let stage = TestStage("first", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly))
    try await EngineHarness.with([stage]) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        for index in 0..<3 { ids.append(try await harness.add("asset-\(index)", content: "same")) }
        try await harness.finished(ids)
        #expect(stage.runCount == 1)
        let request = ReplayRequest(.all, stages: ["first"], isFresh: true, requestedBy: "ada")
        let report = try await harness.replayed(request)
        #expect(report.total == 3 && report.succeeded == 3)
        #expect(stage.runCount == 2)
        try await harness.finished(ids)
        #expect(try await harness.replayed(ReplayRequest(.outdated, requestedBy: "ada")).total == 0)
      }
    }
  }

  @Test func `what a lost broker took is announced again, drafts included`() async throws {
    let stages = BreakablePipeline.sound()
    try await EngineHarness.with(stages) { harness in
      let ids = try await harness.addSome(5)
      // One was taken already; then all messages were lost, long ago.
      try await harness.client.query("delete from outbox")
      try await harness.client.query("update asset set lifecycle = 'active' where id = \(ids[0].uuid)")
      let request = ReplayRequest(.lost, idle: .seconds(600), requestedBy: "ada")
      #expect(try await harness.replays.preview(request).announced == 0, "it may still come")
      try await harness.client.query("update asset set updated_at = now() - interval '1 hour'")
      try await harness.client.query("update artifact set made_at = now() - interval '1 hour'")
      try await harness.working {
        let report = try await harness.replayed(request)
        #expect(report.total == 6, "two stages of one, four drafts")
        try await harness.finished(ids)
      }
      #expect(stages.map(\.runCount) == [5, 5, 5])
    }
  }

  @Test func `two replays of one set fire once`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      try await harness.working { try await harness.finished(try await harness.addSome(30, poisoned: 30)) }
      pipeline.mend()
      let previews = [
        try await harness.replays.preview(ReplayRequest(.dead, requestedBy: "ada")),
        try await harness.replays.preview(ReplayRequest(.failed, order: .newest, requestedBy: "grace")),
      ]
      #expect(previews.map(\.announced) == [30, 30])
      for preview in previews { try await harness.replays.resume(preview.id) }
      try await harness.working {
        try await harness.working {
          var counts = 0
          for preview in previews {
            let report = try await harness.ended(preview.id)
            #expect(report.succeeded + report.skipped == 30)
            counts += report.succeeded
          }
          #expect(counts == 30)
        }
      }
      #expect(pipeline.stages[0].runCount == 60)
    }
  }

  @Test func `a canary that fails stops the rest, and the next one lets it go on`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      try await harness.working {
        try await harness.finished(try await harness.addSome(20, poisoned: 20))
        let preview = try await harness.replays.start(ReplayRequest(.dead, canary: 3, requestedBy: "ada"))
        try await eventually("it is paused") { try await harness.replays.report(preview.id).state == .paused }
        let paused = try await harness.replays.report(preview.id)
        #expect(paused.requested == 3 && paused.failed == 3 && paused.waiting == 17 && paused.awaitsCanary)
        #expect(paused.stateReason?.hasPrefix("canary: 3 failed again") == true)
        #expect(pipeline.stages[0].runCount == 23)
        pipeline.mend()
        try await harness.replays.resume(preview.id)
        let ended = try await harness.ended(preview.id)
        #expect(ended.succeeded == 17 && ended.failed == 3 && !ended.awaitsCanary)
      }
    }
  }

  @Test func `a replay is paused, goes on where it was, and is cancelled for good`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      try await harness.working {
        try await harness.finished(try await harness.addSome(12, poisoned: 12))
        pipeline.mend()
        let replays = try harness.replays
        let id = try await replays.start(ReplayRequest(.dead, rate: 4, requestedBy: "ada")).id
        try await eventually("it has begun") { try await replays.report(id).requested > 0 }
        try await replays.pause(id, reason: "lunch")
        let paused = try await replays.report(id)
        #expect(paused.state == .paused && paused.stateReason == "lunch" && paused.waiting > 0)
        try await eventually("what was asked for ends") { try await replays.report(id).open == 0 }
        #expect(try await replays.report(id).requested == paused.requested)
        try await replays.resume(id)
        try await eventually("it goes on") { try await replays.report(id).requested > paused.requested }
        try await replays.cancel(id, reason: nil)
        let cancelled = try await harness.ended(id)
        #expect(cancelled.state == .cancelled && cancelled.waiting > 0 && cancelled.open == 0)
        #expect(cancelled.succeeded == cancelled.requested)
        let error = await #expect(throws: OperationError.self) { try await replays.resume(id) }
        #expect(error?.description == "cannot resume the replay \(id): it is cancelled")
      }
    }
  }

  @Test func `an item whose input changed is left to what follows from that`() async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      let ids = try await harness.addSome(3, poisoned: 3)
      try await harness.working { try await harness.finished(ids) }
      let id = try await harness.replays.start(ReplayRequest(.dead, requestedBy: "ada")).id
      _ = try await harness.intake.edit(ids[0], Edit(title: "good"), by: "grace")
      try await harness.intake.remove(ids[1])
      pipeline.mend()
      try await harness.working {
        let report = try await harness.ended(id)
        #expect(report.succeeded + report.dropped + report.skipped == 3 && report.failed == 0)
        try await harness.finished([ids[0], ids[2]])
      }
      #expect(try await harness.count("select count(*) as n from run where state <> 'done'") == 0)
    }
  }

  @Test func `a budget stops it before more is spent, and more of it lets it go on`() async throws {
    let stage = TestStage("first", reads: [.required(.source)], writes: "a", policy: StagePolicy(cost: .costly)) {
      context throws(StageFailure) in
      try await context.ask("test", units: 2, of: "second") { () throws(StageFailure) in
        try await TestStage.combine(context)
      }
    }
    try await EngineHarness.with([stage]) { harness in
      try await harness.working {
        let ids = try await harness.addSome(10)
        try await harness.finished(ids)
        let request = ReplayRequest(
          .all, stages: ["first"], isFresh: true, budget: .init(amount: 7, unit: "second"), requestedBy: "ada")
        let preview = try await harness.replays.start(request)
        #expect(preview.expected.units == [ExpectedCost.Unit(provider: "test", name: "second"): 20])
        try await eventually("it is paused") { try await harness.replays.report(preview.id).state == .paused }
        let paused = try await harness.replays.report(preview.id)
        #expect(paused.succeeded == 3 && paused.spent == 6)
        #expect(paused.stateReason?.hasPrefix("budget: 6.0 of 7.0 spent") == true)
        try await harness.replays.resume(preview.id, budget: 100)
        #expect(try await harness.ended(preview.id).succeeded == 10)
        #expect(stage.runCount == 20)
      }
    }
  }

  @Test func `all assets are announced to dispatch, and nothing runs that is up to date`() async throws {
    let stages = BreakablePipeline.sound()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        let ids = try await harness.addSome(8)
        try await harness.finished(ids)
        try await harness.client.query("delete from artifact where kind = 'c' and asset = \(ids[3].uuid)")
        try await harness.client.query("update run set finished_at = now() - interval '1 hour' where stage = 'other'")
        let report = try await harness.replayed(ReplayRequest(.all, requestedBy: "ada"))
        #expect(report.total == 8 && report.sent == 8)
        try await harness.finished(ids)
      }
      #expect(stages.map(\.runCount) == [8, 8, 9])
    }
  }

  @Test func `whatever a replay dies between, it goes on where it was, and all is done once`() async throws {
    try await EngineHarness.with([]) { harness in
      let stages = FaultStages.declarations
      let replays = Replays(Library(client: harness.client, pipeline: try PipelineGraph(stages)))
      for index in 0..<40 { _ = try await harness.add("asset-\(index)") }
      try await WorkerProcess(harness).command.withRunning { _ in
        try await eventually("all is done", within: .seconds(40)) {
          try await harness.count("select count(*) as n from artifact where kind = 'a' and inputs is not null") == 40
        }
        try await harness.queuesAreEmpty()
      }
      let request = ReplayRequest(.all, stages: ["one"], isFresh: true, rate: 20, requestedBy: "ada")
      let id = try await replays.start(request).id
      for step in ["requested", "published"] {
        let outcome = try await WorkerProcess(harness, fault: (step, "replay")).command.run()
        #expect(outcome.termination == .signalled(9), "\(step): \(outcome.standardError)")
        let report = try await replays.report(id)
        #expect(report.finishedAt == nil && report.requested > 0)
      }
      try await WorkerProcess(harness).command.withRunning { _ in
        try await eventually("it has ended", within: .seconds(40)) { try await replays.report(id).finishedAt != nil }
      }
      #expect(try await replays.report(id).succeeded == 40)
      let once = try await harness.count(
        """
        select count(*) as n from (
          select from history where stage = 'one' and event = 'done' group by asset having count(*) = 2) as t
        """)
      #expect(once == 40)
    }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `replays in any order and number converge, and then do nothing`(seed: UInt64) async throws {
    let pipeline = BreakablePipeline()
    try await EngineHarness.with(pipeline.stages) { harness in
      var random = SeededGenerator(seed: seed)
      let poisoned = Int.random(in: 1...12, using: &random)
      try await harness.working { try await harness.finished(try await harness.addSome(12, poisoned: poisoned)) }
      pipeline.mend()
      let selectors: [ReplayRequest.Selector] = [.dead, .failed, .outdated, .stale, .missing, .lost]
      let replays = try harness.replays
      var requests = (0..<6).map { _ in
        ReplayRequest(
          selectors.randomElement(using: &random) ?? .dead, lane: Lane.allCases.randomElement(using: &random) ?? .bulk,
          order: Bool.random(using: &random) ? .newest : .asFound, requestedBy: "ada")
      }
      requests.append(ReplayRequest(.failed, requestedBy: "ada"))
      let ids = try await requests.asyncMap { try await replays.start($0).id }
      try await harness.working {
        var succeeded = 0
        for id in ids { succeeded += try await harness.ended(id).succeeded }
        try await harness.queuesAreEmpty()
        #expect(succeeded == poisoned, "seed \(seed)")
        #expect(pipeline.stages.map(\.runCount) == [12 + poisoned, 12, 12], "seed \(seed)")
        for selector in selectors {
          let again = try await harness.replayed(ReplayRequest(selector, requestedBy: "ada"))
          #expect(again.requested == 0, "seed \(seed): \(selector)")
        }
      }
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}

/// The stages of `FaultWorker`, as far as replays must know them.
private enum FaultStages {
  static let declarations = [
    StageDeclaration(name: "one", writes: .a, reads: [.text: [.required(.source)]])
  ]
}

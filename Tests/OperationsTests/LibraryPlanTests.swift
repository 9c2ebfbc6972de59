import Engine
import Hashing
import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@Suite struct LibraryPlanTests {
  @Test func `every stage is counted by what the planner says of it`() async throws {
    try await Sample.with { sample in
      try await sample.add("fresh")
      let halfWay = try await sample.add("half-way")
      try await sample.finish(.read, of: halfWay)
      let finished = try await sample.add("finished")
      for stage in [StageName.read, .join, .tell] { try await sample.finish(stage, of: finished) }
      let given = try await sample.add("given", hasSidecar: true)
      try await sample.run(.read, of: given, state: "dead")
      try await sample.add("draft", lifecycle: "draft")
      try await sample.add("deleted", lifecycle: "deleted")

      let plan = try await LibraryPlan.read(from: sample.library)
      #expect(plan.assets == 4)
      let counts = Dictionary(uniqueKeysWithValues: plan.stages.map { ($0.name, $0.counts) })
      #expect(counts[.read] == [.stale: 1, .upToDate: 2, .dead: 1])
      #expect(counts[.join] == [.waiting: 1, .stale: 1, .upToDate: 1, .blocked: 1])
      #expect(counts[.tell] == [.waiting: 2, .upToDate: 1, .notApplicable: 1])
      #expect(counts[.paint] == [.notApplicable: 4])
    }
  }

  @Test func `filters leave one stage and one organisation`() async throws {
    try await Sample.with { sample in
      try await sample.add("ours")
      try await sample.add("theirs", organisation: "theirs")
      let plan = try await LibraryPlan.read(
        from: sample.library, LibraryPlan.Filter(stage: .read, organisation: "theirs"))
      #expect(plan.assets == 1)
      #expect(plan.stages.map(\.name) == [.read])
      #expect(plan.stages.first?.counts == [.stale: 1])
    }
  }

  @Test func `a stage that does not exist is refused with those that do`() async throws {
    try await Sample.with { sample in
      let error = await #expect(throws: OperationError.self) {
        try await LibraryPlan.read(from: sample.library, LibraryPlan.Filter(stage: .gone))
      }
      #expect(error?.description == "there is no stage `gone`; expected one of read, paint, join, tell")
    }
  }

  @Test func `what is to come costs what its stages cost lately`() async throws {
    try await Sample.with { sample in
      for name in ["one", "two", "three"] { try await sample.add(name) }
      try await sample.client.query(
        """
        insert into history (asset, stage, event, duration_ms)
        select gen_random_uuid(), 'read', 'done', ms from unnest(array[100, 200, 90000]) as ms
        """)
      // Long work in two parts is one run of 2 + 3 seconds; what was adopted cost nothing and tells nothing.
      try await sample.client.query(
        """
        insert into history (asset, stage, event, duration_ms) values
          ('00000000-0000-4000-8000-000000000001', 'join', 'continued', 2000),
          ('00000000-0000-4000-8000-000000000001', 'join', 'done', 3000),
          ('00000000-0000-4000-8000-000000000001', 'join', 'adopted', 7000)
        """)
      try await sample.client.query(
        """
        insert into charge (id, organisation, asset, stage, provider, units, unit, state)
        select gen_random_uuid(), 'default', a::uuid, 'join', 'speech', units, 'second', 'settled' from (values
          ('00000000-0000-4000-8000-000000000001', 10), ('00000000-0000-4000-8000-000000000001', 20),
          ('00000000-0000-4000-8000-000000000002', 10)) as c (a, units)
        """)
      let plan = try await LibraryPlan.read(from: sample.library)
      let read = try #require(plan.stages.first { $0.name == .read })
      #expect(read.cost.time == .milliseconds(200))
      let cost = plan.expectedCost(of: StageCondition.toCome)
      #expect(cost.runs == 9)
      #expect(cost.time == .milliseconds(3 * 200 + 3 * 5000))
      #expect(cost.untimedRuns == 3, "`tell` was never timed")
      #expect(cost.units == [ExpectedCost.Unit(provider: "speech", name: "second"): 60])
      #expect(plan.expectedCost(of: [.outdated]) == ExpectedCost())
      #expect(plan.json["expected"]?["toCome"]?["seconds"] == .number(15.6))
    }
  }

  @Test func `a changed definition outdates what it made, and one query says so too`() async throws {
    let before = Sample.pipeline()
    let after = Sample.pipeline(joinVersion: 2)
    try await Sample.with(pipeline: before) { sample in
      for name in ["one", "two", "three"] {
        let id = try await sample.add(name)
        for stage in [StageName.read, .join, .tell] { try await sample.finish(stage, of: id) }
      }
      try await sample.add("fresh")
      let library = Library(client: sample.client, pipeline: after)
      #expect(try await OutdatedArtifacts.read(from: library).counts == [:], "the old definition is still active")
      _ = try await Migrator(client: sample.client).migrate(definitions: after.stages.map(\.definition))
      let outdated = try await OutdatedArtifacts.read(from: library)
      #expect(outdated.counts == [.join: 3])
      #expect(outdated.expectedCost.time == .milliseconds(3 * 40))
      let plan = try await LibraryPlan.read(from: library)
      #expect(plan.stages.first { $0.name == .join }?.counts == [.outdated: 3, .waiting: 1])
      #expect(plan.expectedCost(of: [.outdated]) == outdated.expectedCost)

      let pinned = try AssetID(parsing: "one")
      try await sample.client.query(
        """
        insert into pin (asset, kind, fingerprint, value, pinned_by)
        values (\(pinned.uuid), 'joined', \(SHA256Digest(hashing: "x").bytes), '{}', 'ada')
        """)
      #expect(try await OutdatedArtifacts.read(from: library).counts == [.join: 2])
      let old = try #require(before[.join]).definition
      try await sample.client.query(
        """
        insert into definition (organisation, stage, digest, version, configuration)
        values ('default', 'join', \(old.digest.bytes), 1, '{}')
        """)
      #expect(try await OutdatedArtifacts.read(from: library).counts == [:], "the organisation has its own")
    }
  }

  @Test(arguments: 1...4) func `a part of the library is planned as its assets are one by one`(seed: UInt64)
    async throws
  {
    try await Sample.with { sample in
      var random = SeededGenerator(seed: seed)
      for number in 1...40 { try await sample.add("asset-\(number)", in: &random) }
      let ids = try await sample.client.query("select id from asset order by id").column("id", as: UUID.self)
      let planner = Planner(pipeline: sample.library.pipeline, definitions: Definitions(everywhere: [:]))
      let snapshots = try await Ledger.snapshots(of: ids, on: sample.client).values.map(\.state)
      let expected = snapshots.filter { $0.lifecycle == .active }.map(planner.plan)
      var plans: [Plan] = []
      var first: UUID?
      for last in [ids[10], ids[11], ids[39]] {
        plans += try await Ledger.states(after: first, through: last, on: sample.client).map(planner.plan)
        first = last
      }
      #expect(plans.count == expected.count)
      for plan in expected { #expect(plans.contains(plan), "seed \(seed)") }
    }
  }

  @Test func `twenty thousand assets are planned page by page`() async throws {
    try await Sample.with { sample in
      try await sample.generate(20_000)
      let pages = Mutex<[Int]>([])
      let plan = try await LibraryPlan.read(from: sample.library) { assets in pages.withLock { $0.append(assets) } }
      #expect(plan.assets == 20_000)
      #expect(plan.stages.first { $0.name == .read }?.counts == [.upToDate: 20_000])
      #expect(plan.stages.first { $0.name == .join }?.counts == [.stale: 20_000])
      let expected = stride(from: LibraryPlan.pageSize, through: 20_000, by: LibraryPlan.pageSize)
      #expect(pages.withLock { $0 } == Array(expected))
    }
  }
}

extension Sample {
  /// Hands in a text that came as far as chance has it.
  fileprivate func add(_ name: String, in random: inout SeededGenerator) async throws {
    let id = try await add(
      name, title: Bool.random(using: &random) ? "Title" : "", hasSidecar: Int.random(in: 0..<4, using: &random) == 0,
      lifecycle: ["active", "active", "active", "draft", "deleted"].randomElement(using: &random) ?? "active")
    for stage in [StageName.read, .join, .tell] {
      guard try await recipe(stage, of: id) != nil else { return }
      let state = ["done", "dead", "running", "parked", "requested"].randomElement(using: &random) ?? "done"
      if Int.random(in: 0..<2, using: &random) == 0 { try await run(stage, of: id, state: state, due: .now) }
      guard state == "done" || Bool.random(using: &random) else { return }
      try await finish(stage, of: id, emptyBecause: Int.random(in: 0..<4, using: &random) == 0 ? "nothing" : nil)
    }
    if Bool.random(using: &random) {
      try await client.query(
        """
        insert into pin (asset, kind, fingerprint, value, pinned_by)
        values (\(id.uuid), 'words', \(SHA256Digest(hashing: name).bytes), '{}', 'ada')
        """)
    }
  }

  /// Writes active texts whose first stage is done, as quickly as the database can.
  fileprivate func generate(_ count: Int64) async throws {
    let definition = library.pipeline[.read]?.definition.digest.bytes ?? []
    try await client.query(
      """
      with made as (
        insert into asset (id, organisation, owner, media_type, lifecycle, root, title)
        select id, 'default', 'ada', 'text', 'active', id, 'Text ' || n
        from (select gen_random_uuid() as id, n from generate_series(1, \(count)) as n) as ids
        returning id
      ), source as (
        insert into artifact (asset, kind, fingerprint, value)
        select id, 'source', sha256(id::text::bytea), '{}' from made
      )
      insert into artifact (asset, kind, fingerprint, inputs, definition, value)
      select id, 'words', sha256('words'),
        sha256(convert_to('source=' || encode(sha256(id::text::bytea), 'hex') || E'\\n', 'UTF8')), \(definition), '{}'
      from made
      """, timeout: .seconds(120))
  }
}

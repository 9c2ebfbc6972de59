import Engine
import Identifiers
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// What each selector chooses, and what a preview says of it.
@Suite struct ReplaySelectionTests {
  @Test func `dead letters are chosen by id, code, group, stage, asset and time, each run once`() async throws {
    try await Sample.with { sample in
      let (one, two) = (try await sample.add("one"), try await sample.add("two"))
      for id in [one, two] { try await sample.run(.read, of: id, state: "dead") }
      let old = try await sample.bury(.read, of: one, at: Timestamp(millisecondsSince1970: 1_700_000_000_000))
      let new = try await sample.bury(.read, of: one)
      let other = try await sample.bury(.read, of: two, code: "provider.refused")
      func letters(_ letters: ReplayRequest.Letters, stages: [StageName] = [], assets: [AssetID] = []) async throws
        -> Set<UUID?>
      {
        try await sample.chosen(
          ReplayRequest(.dead, letters: letters, stages: stages, assets: assets, requestedBy: "ada"), \.letter)
      }
      #expect(try await letters(.init()) == [new, other], "two letters of one run are one")
      #expect(try await letters(.init(ids: [old])) == [old])
      #expect(try await letters(.init(errorCode: "provider.refused")) == [other])
      #expect(try await letters(.init(since: Timestamp(millisecondsSince1970: 1_750_000_000_000))) == [new, other])
      #expect(try await letters(.init(), stages: [.join]) == [])
      #expect(try await letters(.init(), assets: [two]) == [other])
      let group = try await sample.client.query("select group_name from dead_letter where id = \(other)").one()
      #expect(try await letters(.init(group: try group["group_name", as: String.self])) == [other])
    }
  }

  @Test func `a preview tells what succeeded meanwhile, and starts nothing`() async throws {
    try await Sample.with { sample in
      let (one, two) = (try await sample.add("one"), try await sample.add("two"))
      for id in [one, two] {
        try await sample.run(.read, of: id, state: "dead")
        try await sample.bury(.read, of: id)
      }
      let replays = Replays(sample.library)
      _ = try await replays.preview(ReplayRequest(.dead, requestedBy: "ada"))
      try await sample.finish(.read, of: two)
      let preview = try await replays.preview(ReplayRequest(.dead, requestedBy: "ada"))
      #expect(preview.announced == 1 && preview.skipped == [.upToDate: 1])
      #expect(preview.destinations.map(\.stage) == [.read])
      #expect(preview.expected.runs == 1 && preview.expected.time == .milliseconds(40))
      let report = try await replays.report(preview.id)
      #expect(report.state == .preview && report.total == 2 && report.requested == 0)
      #expect(
        try await sample.client.query("select state from run").column("state", as: String.self) == ["dead", "dead"])
    }
  }

  @Test func `stale, missing, lost and all ask the planner`() async throws {
    try await Sample.with { sample in
      let fresh = try await sample.add("fresh")
      let stale = try await sample.add("stale")
      try await sample.finish(.read, of: stale)
      try await sample.finish(.join, of: stale)
      try await sample.client.query("update artifact set inputs = sha256('x') where kind = 'joined'")
      let dead = try await sample.add("dead")
      try await sample.run(.read, of: dead, state: "dead")
      let draft = try await sample.add("draft", lifecycle: "draft")
      let running = try await sample.add("running")
      try await sample.run(.read, of: running, state: "running", worker: try await sample.addWorker())
      func chosen(_ request: ReplayRequest) async throws -> Set<String> {
        try await sample.chosen(request) { "\($0.slug ?? "") \($0.stage)" }
      }
      #expect(try await chosen(ReplayRequest(.stale, requestedBy: "ada")) == ["fresh read", "stale join"])
      #expect(try await chosen(ReplayRequest(.missing, requestedBy: "ada")) == ["fresh read"])
      #expect(try await chosen(ReplayRequest(.lost, requestedBy: "ada")) == [])
      try await sample.client.query("update asset set updated_at = now() - interval '1 hour'")
      try await sample.client.query(
        "update artifact set made_at = now() - interval '1 hour' where asset <> \(stale.uuid)")
      #expect(try await chosen(ReplayRequest(.lost, requestedBy: "ada")) == ["fresh read", "draft dispatch"])
      #expect(
        try await chosen(ReplayRequest(.all, stages: [.read], requestedBy: "ada")) == ["fresh read", "dead read"])
      #expect(
        try await chosen(ReplayRequest(.all, stages: [.read], isFresh: true, requestedBy: "ada"))
          == ["fresh read", "dead read", "stale read"])
      #expect(try await chosen(ReplayRequest(.all, assets: [draft, fresh], requestedBy: "ada")).count == 2)
    }
  }

  @Test func `what is outdated is asked for with the active definition, unless that was given up`() async throws {
    let after = Sample.pipeline(joinVersion: 2)
    try await Sample.with { sample in
      var ids: [AssetID] = []
      for name in ["one", "two", "three"] {
        let id = try await sample.add(name)
        for stage in [StageName.read, .join, .tell] { try await sample.finish(stage, of: id) }
        ids.append(id)
      }
      _ = try await Migrator(client: sample.client).migrate(definitions: after.stages.map(\.definition))
      let definition = try #require(after[.join]).definition.digest.bytes
      // The new definition was tried on one of them.
      try await sample.client.query(
        """
        insert into run (asset, stage, inputs, definition, state, token)
        select asset, 'join', inputs, \(definition), 'dead', 1 from artifact where kind = 'joined' and asset = \(ids[0].uuid)
        """)
      let library = Library(client: sample.client, pipeline: after)
      let preview = try await Replays(library).preview(ReplayRequest(.outdated, requestedBy: "ada"))
      #expect(preview.announced == 2 && preview.destinations.map(\.stage) == [.join])
      #expect(try await Replays(library).preview(ReplayRequest(.failed, requestedBy: "ada")).announced == 1)
    }
  }

  @Test func `the newest come first, or those with a tag`() async throws {
    try await Sample.with { sample in
      for name in ["one", "two", "three"] {
        let id = try await sample.add(name)
        try await sample.client.query("update asset set created_at = clock_timestamp() where id = \(id.uuid)")
      }
      try await sample.client.query("update asset set tags = '{talk}' where slug = 'two'")
      func order(_ order: ReplayRequest.Order) async throws -> [String?] {
        try await sample.items(ReplayRequest(.stale, order: order, requestedBy: "ada")).map(\.slug)
      }
      #expect(try await order(.newest) == ["three", "two", "one"])
      #expect(try await order(.tag("talk")).first == "two")
      #expect(ReplayRequest.Order("tag:talk") == .tag("talk") && ReplayRequest.Order("most-viewed") == nil)
    }
  }

  @Test(arguments: [
    (ReplayRequest(.all, isFresh: true, requestedBy: "ada"), "name the stages"),
    (ReplayRequest(.stale, letters: .init(errorCode: "x"), requestedBy: "ada"), "they go with `--dead`"),
    (ReplayRequest(.all, canary: 3, requestedBy: "ada"), "name stages: `--stage`"),
    (ReplayRequest(.stale, stages: [.gone], requestedBy: "ada"), "there is no stage `gone`"),
    (ReplayRequest(.stale, rate: 0, requestedBy: "ada"), "numbers above 0"),
  ])
  func `a request that means nothing is refused`(request: ReplayRequest, hint: String) async throws {
    try await Sample.with { sample in
      let replays = Replays(sample.library)
      let error = await #expect(throws: OperationError.self) { try await replays.preview(request) }
      #expect(error?.description.contains(hint) == true)
      let listed = try await replays.list()
      #expect(listed.isEmpty)
    }
  }

  @Test func `a list that was not written to its end is completed when it is resumed`() async throws {
    try await Sample.with { sample in
      for index in 0..<5 { try await sample.add("asset-\(index)") }
      let replays = Replays(sample.library)
      let id = try await replays.preview(ReplayRequest(.stale, requestedBy: "ada")).id
      // As if the process had ended after two of them.
      try await sample.client.query(
        "delete from replay_item where number not in (select number from replay_item order by number limit 2)")
      try await sample.client.query(
        """
        update replay set state = 'selecting', total = 2,
          selected_to = (select asset from replay_item order by number desc limit 1)
        """)
      try await replays.resume(id)
      let report = try await replays.report(id)
      #expect(report.total == 5 && report.state == .running)
      #expect(report.request == ReplayRequest(.stale, requestedBy: "ada"))
    }
  }
}

extension Sample {
  fileprivate struct Item {
    let asset: UUID?
    let slug: String?
    let stage: String
    let letter: UUID?
  }

  /// The frozen list, in its order.
  fileprivate func items(_ request: ReplayRequest) async throws -> [Item] {
    let id = try await Replays(library).preview(request).id
    return try await client.query(
      """
      select i.asset, a.slug, i.stage, i.letter from replay_item i left join asset a on a.id = i.asset
      where i.replay = \(id) order by i.rank, i.number
      """
    ).map { row in
      Item(
        asset: try row["asset", as: UUID?.self], slug: try row["slug", as: String?.self],
        stage: try row["stage", as: String.self], letter: try row["letter", as: UUID?.self])
    }
  }

  fileprivate func chosen<Value: Hashable>(
    _ request: ReplayRequest, _ value: (Item) -> Value
  ) async throws -> Set<Value> {
    let values = try await items(request).map(value)
    #expect(Set(values).count == values.count, "each once")
    return Set(values)
  }
}

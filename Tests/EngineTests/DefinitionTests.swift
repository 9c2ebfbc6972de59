import Engine
import Pipeline
import TestSupport
import Testing

/// Workers of different builds beside each other, and work for people beside back-fill.
@Suite struct DefinitionTests {
  private static func build(_ version: Int) -> [TestStage] {
    [
      TestStage("first", reads: [.required(.source)], writes: "a"),
      TestStage("second", reads: [.required(.a)], writes: "b", version: version),
    ]
  }

  @Test func `a worker leaves to others what its build cannot make`() async throws {
    let (old, new) = (Self.build(1), Self.build(2))
    try await EngineHarness.with(new) { harness in
      try await harness.working(stages: old) {
        let id = try await harness.add("asset")
        try await harness.consuming("first.live")
        try await eventually("the old build makes what it can") { old[0].runCount == 1 }
        try await harness.working { try await harness.finished([id], within: .seconds(20)) }
      }
      #expect(old.map(\.runCount) == [1, 0])
      #expect(new.map(\.runCount) == [0, 1])
    }
  }

  @Test func `a definition that changes under a running worker is not made by the old build`() async throws {
    let (old, new) = (Self.build(1), Self.build(2))
    try await EngineHarness.with(old) { harness in
      try await harness.working {
        try await harness.finished([try await harness.add("before")])
        _ = try await Migrator(client: harness.client).migrate(definitions: new.map(\.declaration.definition))
        // It learns of it within moments; what it makes until then counts as the old build's.
        var ids: [AssetID] = []
        try await eventually("a message is left to others", within: .seconds(20)) {
          ids.append(try await harness.add("after-\(ids.count)"))
          return try await harness.count("select count(*) as n from outbox where routing_key = 'second.live'") > 0
        }
        for lane in Lane.allCases { try await harness.ring([.stage("second")], of: ids[0], lane: lane) }
        try await harness.abandoned("second.live")
        let made = old[1].runCount
        try await harness.working(stages: new) { [ids] in
          try await eventually("the new build makes the rest", within: .seconds(30)) {
            try await harness.count("select count(*) as n from artifact where kind = 'b'") == 1 + ids.count
          }
        }
        #expect(old[1].runCount == made)
        #expect(new[1].runCount == 1 + ids.count - made)
      }
    }
  }
}

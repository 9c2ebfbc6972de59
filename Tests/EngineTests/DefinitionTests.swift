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
        // It learns of it within moments, and takes no more of the stage.
        try await harness.abandoned("second.live")
        let ids = [try await harness.add("after-0"), try await harness.add("after-1")]
        try await harness.waiting(2, in: "second.live")
        let made = old[1].runCount
        try await harness.working(stages: new) {
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

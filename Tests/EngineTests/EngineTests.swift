import Engine
import JSON
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct EngineTests {
  static func pipeline() -> [TestStage] {
    [
      TestStage("one", reads: [.required(.source)], writes: "a"),
      TestStage("two", reads: [.required(ArtifactKind(rawValue: "a"))], writes: "b"),
      TestStage("three", reads: [.required(ArtifactKind(rawValue: "a")), .optional(.title)], writes: "c"),
      TestStage(
        "four", reads: [.optional(ArtifactKind(rawValue: "b")), .optional(ArtifactKind(rawValue: "c"))], writes: "d"),
    ]
  }

  @Test func `assets go through all stages, each stage once`() async throws {
    let stages = Self.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        var ids: [AssetID] = []
        for index in 0..<50 { ids.append(try await harness.add("asset-\(index)")) }
        try await harness.finished(ids)
      }
      for stage in stages { #expect(stage.runCount == 50, "\(stage.name)") }
      #expect(try await harness.count("select count(*) as n from artifact where inputs is not null") == 200)
      #expect(try await harness.count("select count(*) as n from history where event = 'done'") == 200)
      #expect(try await harness.count("select count(*) as n from outbox") == 0)
      #expect(try await harness.count("select count(*) as n from dead_letter") == 0)
    }
  }

  @Test func `a title edit runs only what reads the title`() async throws {
    let stages = Self.pipeline()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        let id = try await harness.add("asset")
        try await harness.finished([id])
        let before = try await harness.plan(id).settled[ArtifactKind(rawValue: "d")]
        _ = try await harness.intake.edit(id, Edit(title: "Another"), by: "tester")
        try await eventually("the edit has its effect") {
          try await harness.plan(id).settled[ArtifactKind(rawValue: "d")] != before
        }
        try await harness.finished([id])
      }
      #expect(stages.map(\.runCount) == [1, 1, 2, 2])
    }
  }
}

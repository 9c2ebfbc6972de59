import Engine
import Pipeline
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// Removing and taking back what has parts, also while these are being made or erased.
@Suite struct RemovalTests {
  /// A stage whose results stand for one picture, and one that looks at it.
  private static func stages(
    work: @escaping TestStage.Work = TestStage.combine
  ) -> [TestStage] {
    [
      TestStage("split", reads: [.required(.source)], writes: "a", work: work) { parent in
        [
          ChildAsset(
            id: AssetID(keyFrameOf: parent.id, milliseconds: 1, picture: .init(hashing: "picture")),
            mediaType: .keyframe, title: "Picture", offsetMilliseconds: 1,
            source: BlobReference(digest: .init(hashing: "picture"), size: 7))
        ]
      },
      TestStage("look", reads: [.required(.source)], of: .keyframe, writes: "b"),
    ]
  }

  @Test func `what is handed in again comes back with its parts`() async throws {
    let stages = Self.stages()
    try await EngineHarness.with(stages) { harness in
      try await harness.working {
        let id = try await harness.add("asset")
        try await harness.expectParts("active")
        try await eventually("the part is looked at") { stages[1].runCount == 1 }
        try await harness.intake.remove(id)
        try await harness.expectParts("deleted")
        _ = try await harness.add("asset")
        try await harness.expectParts("active")
        try await harness.finished([id])
      }
      #expect(stages.map(\.runCount) == [1, 1])
    }
  }

  @Test func `parts that are recorded while their asset is being removed go with it`() async throws {
    let stages = Self.stages()
    try await EngineHarness.with(stages) { harness in
      let id = try await harness.add("asset")
      let removal = try await harness.client.withTransaction { (transaction) async throws(any Error) in
        // The record has the asset's lock; the removal waits for it.
        _ = try await transaction.query("select from asset where id = \(id.uuid) for no key update")
        let removal = Task { try await harness.intake.remove(id) }
        try await eventually("the removal waits") {
          try await transaction.query(EngineHarness.waitsForMe).count == 1
        }
        _ = try await transaction.query(
          """
          insert into asset (id, organisation, owner, media_type, parent, root, lifecycle)
          values (gen_random_uuid(), 'default', 'tester', 'keyframe', \(id.uuid), \(id.uuid), 'active')
          """)
        return removal
      }
      try await removal.value
      try await harness.expectParts("deleted")
    }
  }

  @Test func `whoever restores an asset that is about to be erased wins`() async throws {
    try await EngineHarness.with(Self.stages()) { harness in
      let id = try await harness.add("asset")
      try await harness.intake.remove(id)
      try await harness.client.withTransaction { (transaction) async throws(any Error) in
        _ = try await transaction.query(
          "update asset set lifecycle = 'active', deleted_at = null where id = \(id.uuid)")
        let ledger = Ledger(
          client: harness.client, loop: harness.loop, worker: .next(), build: "test", circuit: Circuit())
        #expect(try await ledger.eraseDeleted(olderThan: .zero, limit: 10) == 0)
      }
      #expect(try await harness.count("select count(*) as n from artifact where kind = 'source'") == 1)
    }
  }
}

extension EngineHarness {
  /// Waits until there is a part, and all are in this state.
  fileprivate func expectParts(_ lifecycle: String) async throws {
    try await eventually("the parts are \(lifecycle)") {
      try await count(
        """
        select (count(*) > 0 and bool_and(lifecycle = \(lifecycle)))::int::int8 as n from asset where parent is not null
        """) == 1
    }
  }
}

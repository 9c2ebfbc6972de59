import Engine
import Hashing
import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct AssetReportTests {
  @Test func `an asset shows what was given, what was made and what is to come`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset", title: "On whales")
      try await sample.finish(.read, of: id)
      let report = try await AssetReport.read(id, from: sample.library)
      #expect(report.asset.title == "On whales")
      #expect(report.asset.slug == "asset")
      #expect(report.given.map(\.kind) == [.source])
      #expect(report.given.first?.blobSize == 1234)
      #expect(report.artifacts.map(\.kind.rawValue) == ["words"])
      #expect(report.facts == nil)
      #expect(report.childCount == 0)
      #expect(report.stages.map(\.name) == [.read, .paint, .join, .tell])
      #expect(report.stages.map(\.condition) == [.upToDate, .notApplicable, .stale, .waiting])
      #expect(
        report.stages.map(\.explanation) == [
          "up to date", "not applicable: it does not serve text", "stale: it can run, and never did",
          "waiting for joined",
        ])
      #expect(report.progress == 1.0 / 3)
      #expect(report.json["progress"] == .number(1.0 / 3))
      #expect(try JSON(parsing: report.json.canonicalBytes)["stages"]?.array?.count == 4)
    }
  }

  @Test func `facts are shown, and children counted without the deleted`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      try await sample.client.query(
        """
        insert into artifact (asset, kind, fingerprint, inputs, definition, value)
        values (\(id.uuid), 'facts', sha256('f'), sha256('i'), sha256('d'), '{"contentType":"text/plain"}')
        """)
      for lifecycle in ["active", "active", "deleted"] {
        try await sample.client.query(
          """
          insert into asset (id, organisation, owner, media_type, lifecycle, parent, root)
          values (gen_random_uuid(), 'default', 'ada', 'keyframe', \(lifecycle), \(id.uuid), \(id.uuid))
          """)
      }
      let report = try await AssetReport.read(id, from: sample.library)
      #expect(report.facts?["contentType"] == "text/plain")
      #expect(report.childCount == 2)
    }
  }

  @Test func `a running stage tells since when, where and how far`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      let worker = try await sample.addWorker(host: "mill", processID: 42)
      try await sample.run(.read, of: id, state: "running", worker: worker, progress: 0.405)
      let read = try #require(try await AssetReport.read(id, from: sample.library).stages.first)
      #expect(read.condition == .running)
      #expect(read.explanation.wholeMatch(of: /running since [-0-9]+ [:0-9]+ UTC on mill\/42, 40 % done/) != nil)
      #expect(read.run?.progress.map { ($0 * 1000).rounded() } == 405)
    }
  }

  @Test func `a parked stage tells until when, why and which attempt it was`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      let due = Timestamp(millisecondsSince1970: 4_102_444_980_000)
      try await sample.run(.read, of: id, state: "parked", attempts: 2, due: due, errorCode: "provider.busy")
      let read = try #require(try await AssetReport.read(id, from: sample.library).stages.first)
      #expect(read.explanation == "parked until 2100-01-01 00:03:00 UTC after provider.busy, attempt 2 of 5")
    }
  }

  @Test func `what waits for another run of its recipe says so`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      let due = Timestamp(millisecondsSince1970: 4_102_444_980_000)
      try await sample.run(.read, of: id, state: "parked", due: due)
      try await sample.client.query("update run set awaits = sha256('r')")
      let read = try #require(try await AssetReport.read(id, from: sample.library).stages.first)
      #expect(
        read.explanation == "parked until 2100-01-01 00:03:00 UTC, or until another run of the same recipe ends")
    }
  }

  @Test func `a dead stage tells its error, and what needed it is blocked`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      try await sample.run(
        .read, of: id, state: "dead", attempts: 5, errorCode: "media.truncated", error: "the file ends early")
      let stages = try await AssetReport.read(id, from: sample.library).stages
      #expect(stages[0].explanation == "dead after 5 attempts: media.truncated: the file ends early")
      #expect(
        stages[2].explanation == "blocked: words will not come, because `read` was given up or is blocked itself")
      #expect(stages[3].condition == .blocked)
    }
  }

  @Test func `empty, pinned, present and missing are told apart`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset", hasSidecar: true)
      try await sample.finish(.read, of: id, emptyBecause: "there is no text in it")
      try await sample.client.query(
        """
        insert into pin (asset, kind, fingerprint, value, pinned_by, pinned_at)
        values (\(id.uuid), 'joined', sha256('p'), '{}', 'ada', '2026-03-01 12:03:00+00')
        """)
      let report = try await AssetReport.read(id, from: sample.library)
      #expect(
        report.stages.map(\.explanation) == [
          "up to date: empty, because there is no text in it", "not applicable: it does not serve text",
          "up to date: pinned by ada on 2026-03-01 12:03:00 UTC", "not applicable: sidecar is present",
        ])
      #expect(report.pins.map(\.person) == ["ada"])
      #expect(report.progress == 1)
    }
  }

  @Test func `readiness has its reasons`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      func explanation(_ stage: StageName = .read) async throws -> String? {
        try await AssetReport.read(id, from: sample.library).stages.first { $0.name == stage }?.explanation
      }
      try await sample.run(.read, of: id, state: "running")
      #expect(
        try await explanation() == "stale: the worker that ran it is gone; it runs again when it is announced")
      try await sample.client.query("update run set state = 'parked', due = now()")
      #expect(try await explanation() == "stale: its time has come; it runs when a scheduler announces it")
      try await sample.client.query("update run set state = 'requested'")
      #expect(try await explanation() == "stale: somebody asked for it again")
      try await sample.finish(.read, of: id)
      try await sample.finish(.join, of: id)
      _ = try await Intake(client: sample.client).edit(id, Edit(title: "Another"), by: "ada")
      #expect(try await explanation(.join) == "stale: what it reads has changed")
    }
  }

  @Test func `an outdated stage says that its definition changed, and whether the new one failed`() async throws {
    let after = Sample.pipeline(joinVersion: 2)
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      try await sample.finish(.read, of: id)
      try await sample.finish(.join, of: id)
      _ = try await Migrator(client: sample.client).migrate(definitions: after.stages.map(\.definition))
      let newer = Sample(library: Library(client: sample.client, pipeline: after))
      func explanation() async throws -> String? {
        try await AssetReport.read(id, from: newer.library).stages.first { $0.name == .join }?.explanation
      }
      #expect(try await explanation() == "outdated: the definition changed")
      try await newer.run(.join, of: id, state: "dead", errorCode: "model.missing", error: "no such model")
      #expect(
        try await explanation()
          == "outdated: the definition changed, and the new one was given up: model.missing: no such model")
    }
  }

  @Test func `drafts and deleted assets have no plan`() async throws {
    try await Sample.with { sample in
      for lifecycle in ["draft", "deleted"] {
        let id = try await sample.add(lifecycle, lifecycle: lifecycle)
        let report = try await AssetReport.read(id, from: sample.library)
        #expect(report.stages.isEmpty && report.progress == nil)
      }
    }
  }

  @Test func `an asset that never was is an error`() async throws {
    try await Sample.with { sample in
      let id = try AssetID(parsing: "nobody")
      let error = await #expect(throws: OperationError.self) { try await AssetReport.read(id, from: sample.library) }
      #expect(error?.description == "there is no asset \(id)")
    }
  }
}

import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Stages that somebody stops and lets go on.
@Suite struct StagePausesTests {
  @Test func `a pause is shown with owner, reason and end, until it is over`() async throws {
    try await Sample.with { sample in
      let pauses = StagePauses(sample.library)
      let pause = try await pauses.pause(.read, for: .seconds(3600), owner: "ann", reason: "a test")
      #expect(try await StatusReport.read(from: sample.library).pauses == [pause])
      #expect(pause.owner == "ann" && pause.reason == "a test")
      #expect(pause.until.millisecondsSince1970 - pause.pausedAt.millisecondsSince1970 == 3_600_000)
      let longer = try await pauses.pause(.read, for: .seconds(7200), owner: "bob", reason: "another")
      #expect(try await StatusReport.read(from: sample.library).pauses == [longer])
      try await sample.client.query("update stage_pause set until = now() - interval '1 second'")
      #expect(try await StatusReport.read(from: sample.library).pauses.isEmpty)
      #expect(try await pauses.resume(.read) == nil)
    }
  }

  @Test func `resuming tells what was paused, once`() async throws {
    try await Sample.with { sample in
      let pauses = StagePauses(sample.library)
      let pause = try await pauses.pause(.dispatch, for: .seconds(60), owner: "ann", reason: "a test")
      #expect(try await pauses.resume(.dispatch) == pause)
      #expect(try await pauses.resume(.dispatch) == nil)
    }
  }

  @Test func `a stage that does not exist is refused`() async throws {
    try await Sample.with { sample in
      await #expect(throws: OperationError.self) {
        _ = try await StagePauses(sample.library).pause(.gone, for: .seconds(60), owner: "ann", reason: "a test")
      }
    }
  }

  @Test func `circuits are shown for workers that live`() async throws {
    try await Sample.with { sample in
      let worker = try await sample.addWorker()
      try await sample.client.query(
        "insert into circuit values (\(worker), 'openai/whisper-1', 'open', now(), 'nobody answers')")
      let circuits = try await StatusReport.read(from: sample.library).circuits
      #expect(circuits.map(\.dependency) == ["openai/whisper-1"])
      #expect(circuits.first?.reason == "nobody answers" && circuits.first?.state == "open")
      try await sample.client.query("update worker set lease_until = now() - interval '1 second'")
      #expect(try await StatusReport.read(from: sample.library).circuits.isEmpty)
      try await sample.client.query("delete from worker")
      #expect(try await sample.client.query("select from circuit").isEmpty)
    }
  }
}

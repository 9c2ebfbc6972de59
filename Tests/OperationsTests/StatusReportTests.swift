import AMQP
import Concurrency
import Engine
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct StatusReportTests {
  @Test func `an empty library has every stage and nothing in it`() async throws {
    try await Sample.with { sample in
      let report = try await StatusReport.read(from: sample.library)
      #expect(report.stages.map(\.stage) == ["dispatch", "read", "paint", "join", "tell"])
      #expect(report.stages.allSatisfy { $0.counts.isEmpty && $0.openDeadLetters == 0 && $0.nextDue == nil })
      #expect(report.outbox == StatusReport.Outbox(count: 0, oldestAge: nil))
      #expect(report.workers.isEmpty && report.assets.isEmpty && report.broker == nil)
    }
  }

  @Test func `runs are counted by stage and condition, and a dead worker's run is orphaned`() async throws {
    try await Sample.with { sample in
      let worker = try await sample.addWorker()
      let due = Timestamp(millisecondsSince1970: 4_000_000_000_000)
      for (index, state) in ["running", "running", "parked", "dead"].enumerated() {
        let id = try await sample.add("asset-\(index)")
        try await sample.run(
          .read, of: id, state: state, worker: index == 0 ? worker : nil, due: state == "parked" ? due : nil)
      }
      let report = try await StatusReport.read(from: sample.library)
      let read = try #require(report.stages.first { $0.stage == "read" })
      #expect(read.counts == [.running: 1, .orphaned: 1, .parked: 1, .dead: 1])
      #expect(read.nextDue == due)
      #expect(report.nextDue == due)
      #expect(report.count(.parked) == 1)
      #expect(report.workers.map(\.host) == ["here"])
      #expect(report.workers.first?.stages == ["read", "join"])
    }
  }

  @Test func `workers whose lease ended are not listed`() async throws {
    try await Sample.with { sample in
      _ = try await sample.addWorker()
      try await sample.client.query("update worker set lease_until = now() - interval '1 second'")
      #expect(try await StatusReport.read(from: sample.library).workers.isEmpty)
    }
  }

  @Test func `assets are counted by media type and lifecycle`() async throws {
    try await Sample.with { sample in
      try await sample.add("one")
      try await sample.add("two", lifecycle: "draft")
      try await sample.add("three", lifecycle: "draft")
      let assets = try await StatusReport.read(from: sample.library).assets
      #expect(assets.map { "\($0.mediaType) \($0.lifecycle) \($0.count)" } == ["text active 1", "text draft 2"])
    }
  }

  @Test func `the outbox shows how long the oldest waits, and what is for later has not waited`() async throws {
    try await Sample.with { sample in
      try await sample.add("one")
      try await sample.add("two")
      try await sample.client.query(
        """
        with first as (select id from outbox limit 1)
        update outbox set publish_at = now() + case when id in (select id from first) then interval '1 hour'
          else interval '-90 seconds' end
        """)
      let outbox = try await StatusReport.read(from: sample.library).outbox
      #expect(outbox.count == 2)
      let age = try #require(outbox.oldestAge)
      #expect(age >= .seconds(90) && age < .seconds(3600))
      try await sample.client.query("update outbox set publish_at = now() + interval '1 hour'")
      #expect(try await StatusReport.read(from: sample.library).outbox == StatusReport.Outbox(count: 2, oldestAge: nil))
    }
  }

  @Test func `stages that only the database knows come last`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("one")
      try await sample.bury(.read, of: id)
      try await sample.bury(.gone, of: id)
      try await sample.client.query("update dead_letter set state = 'closed' where stage = 'read'")
      try await sample.bury(.read, of: id)
      let stages = try await StatusReport.read(from: sample.library).stages
      #expect(stages.last?.stage == "gone")
      #expect(stages.last?.openDeadLetters == 1)
      #expect(stages.first { $0.stage == "read" }?.openDeadLetters == 1)
    }
  }

  @Test func `the JSON names every condition, also those with no runs`() async throws {
    try await Sample.with { sample in
      let json = try await StatusReport.read(from: sample.library).json
      let runs = json["stages"]?.array?.first?["runs"]?.object
      #expect(runs?.keys.sorted() == ["dead", "done", "orphaned", "parked", "requested", "running"])
      #expect(json["broker"] == .null)
      #expect(try JSON(parsing: json.canonicalBytes) == json)
    }
  }
}

import Engine
import Identifiers
import JSON
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct AssetTimelineTests {
  @Test func `what happened is told in its order`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      let worker = try await sample.addWorker(host: "mill", processID: 42)
      try await sample.client.query("update asset set created_at = now() - interval '1 hour'")
      try await sample.client.query(
        """
        insert into history (asset, stage, event, attempt, duration_ms, worker, error_code, error, detail, at) values
          (\(id.uuid), 'read', 'parked', 1, 1500, \(worker), 'provider.busy', 'too much', 'status 429',
            now() - interval '50 minutes'),
          (\(id.uuid), 'read', 'done', 2, 250, \(worker), null, null, null, now() - interval '40 minutes'),
          (\(id.uuid), 'join', 'adopted', 1, 3, gen_random_uuid(), null, null, null, now() - interval '30 minutes')
        """)
      try await sample.client.query(
        """
        insert into charge (id, organisation, asset, stage, provider, units, unit, state, at)
        values (gen_random_uuid(), 'default', \(id.uuid), 'read', 'speech', 12.5, 'second', 'settled',
          now() - interval '45 minutes')
        """)
      try await sample.run(.read, of: id, state: "running", attempts: 1, worker: worker)
      let timeline = try await AssetTimeline.read(id, from: sample.library)
      let kinds = timeline.events.map { $0.json["type"]?.string ?? "" }
      #expect(kinds == ["created", "run", "charged", "run", "run", "started"])
      #expect(!timeline.isCut)
      let parked = timeline.events[1].json
      #expect(parked["event"] == "parked" && parked["attempt"] == 1 && parked["seconds"] == 1.5)
      #expect(parked["errorCode"] == "provider.busy" && parked["detail"] == "status 429")
      #expect(parked["worker"]?["host"] == "mill")
      guard case .run(let adopted) = timeline.events[4].happening else {
        Issue.record("expected a run")
        return
      }
      #expect(adopted.event == "adopted")
      #expect(adopted.worker != nil && adopted.worker?.host == nil, "its worker is forgotten")
      guard case .charged(let charge) = timeline.events[2].happening else {
        Issue.record("expected a charge")
        return
      }
      #expect(charge.units == 12.5 && charge.unit == "second" && charge.isSettled)
    }
  }

  @Test func `an asset's own life is part of it: made, edited, given up, removed`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      let intake = Intake(client: sample.client)
      _ = try await intake.edit(
        id, Edit(title: "Another", transcript: Transcript(origin: .edited, segments: [])), by: "eve")
      let letter = try await sample.bury(.read, of: id)
      var events = try await AssetTimeline.read(id, from: sample.library).events.map(\.happening)
      #expect(events.first == .created(owner: "ada"))
      #expect(events.contains(.edited(revision: 2)))
      #expect(events.contains(.pinned(.transcript, by: "eve")))
      #expect(events.contains(.deadLetter(letter, stage: "read", errorCode: "media.truncated")))
      try await intake.remove(id)
      events = try await AssetTimeline.read(id, from: sample.library).events.map(\.happening)
      #expect(events.last == .deleted)
    }
  }

  @Test func `the latest events are kept where there are more than were asked for`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("asset")
      try await sample.client.query(
        "insert into history (asset, stage, event, attempt) select \(id.uuid), 'read', 'parked', n from generate_series(1, 20) as n"
      )
      let timeline = try await AssetTimeline.read(id, from: sample.library, limit: 3)
      #expect(timeline.isCut)
      let attempts = timeline.events.compactMap { event in
        if case .run(let run) = event.happening { run.attempt } else { nil }
      }
      #expect(attempts == [18, 19, 20])
    }
  }

  @Test func `an asset that never was is an error`() async throws {
    try await Sample.with { sample in
      await #expect(throws: OperationError.self) {
        try await AssetTimeline.read(try AssetID(parsing: "nobody"), from: sample.library)
      }
    }
  }
}

import Identifiers
import Operations
import Pipeline
import PostgreSQL
import TestSupport
import Testing

@Suite struct DeadLetterGroupsTests {
  @Test func `a group counts its letters, whatever became of them`() async throws {
    try await Sample.with { sample in
      let early = Timestamp(millisecondsSince1970: 1_700_000_000_000)
      let late = Timestamp(millisecondsSince1970: 1_800_000_000_000)
      for time in [late, early] { try await sample.bury(.read, of: nil, at: time) }
      let other = try await sample.bury(.read, of: nil, code: "provider.refused", at: early)
      let letters = DeadLetters(sample.library)
      let groups = try await letters.groups()
      #expect(groups.map(\.name) == ["read/media.truncated", "read/provider.refused"])
      let first = try #require(groups.first)
      #expect(first.counts == [.open: 2, .closed: 0, .archived: 0, .discarded: 0])
      #expect(first.firstSeen == early && first.lastSeen == late && first.lastReplayedAt == nil)
      #expect(first.stage == "read" && first.errorCode == "media.truncated" && first.builds == ["1.0"])
      #expect(first.pattern == "the file ends early" && first.example == "the file ends early")
      try await sample.client.query("update dead_letter set state = 'closed' where id = \(other)")
      #expect(try await letters.groups().map(\.name) == ["read/media.truncated"])
      #expect(try await letters.groups(stage: .join).isEmpty)
      let closed = try await letters.group("read/provider.refused")
      #expect(closed.counts[.closed] == 1 && closed.open == 0 && closed.lastReplayedAt != nil)
      try await sample.client.query("delete from dead_letter")
      #expect(try await letters.groups(includesSettled: true).allSatisfy { $0.counts.values.allSatisfy { $0 == 0 } })
      await #expect(throws: OperationError.self) { try await letters.group("none") }
    }
  }

  @Test func `the counters are right, whatever statements change at the same time`() async throws {
    let seed = UInt64.random(in: .min ... .max)
    try await Sample.with { sample in
      let client = sample.client
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for task in 0..<6 {
          tasks.addTask {
            var random = SeededGenerator(seed: seed &+ UInt64(task))
            for _ in 0..<25 {
              let state = DeadLetterState.allCases.randomElement(using: &random)?.rawValue ?? "open"
              let change: SQL =
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                  """
                  insert into dead_letter (id, queue, routing_key, body, error_code, error, build, group_name, state)
                  select gen_random_uuid(), 'q', 'k', '', 'c', 'e', 'b' || n % 30, 'g' || n % 7, \(state)
                  from generate_series(1, \(Int32.random(in: 1...40, using: &random))) n order by random()
                  """
                case 2:
                  """
                  update dead_letter set state = \(state), headers = '{}' where id in (
                    select id from dead_letter order by random() limit 9 for update skip locked)
                  """
                default:
                  """
                  delete from dead_letter where id in (
                    select id from dead_letter order by random() limit 3 for update skip locked)
                  """
                }
              _ = try await client.query(change)
            }
          }
        }
        try await tasks.waitForAll()
      }
      let wrong = try await client.query(
        """
        select name from dead_letter_group g where (open, closed, archived, discarded) <> (
          select count(*) filter (where state = 'open'), count(*) filter (where state = 'closed'),
            count(*) filter (where state = 'archived'), count(*) filter (where state = 'discarded')
          from dead_letter where group_name = g.name) or cardinality(builds) > 20
        """)
      #expect(wrong.isEmpty, "seed \(seed)")
      #expect(try await client.query("select from dead_letter_group").count == 7, "seed \(seed)")
    }
  }

  @Test func `a newer build that has not failed is named`() async throws {
    try await Sample.with { sample in
      try await sample.bury(.read, of: nil, at: Timestamp(millisecondsSince1970: 1_700_000_000_000))
      let letters = DeadLetters(sample.library)
      func newer() async throws -> String? { try await letters.groups().first?.newerBuild }
      // The one that failed, started again.
      _ = try await sample.addWorker()
      #expect(try await newer() == nil)
      let other = try await sample.addWorker()
      try await sample.client.query("update worker set build = '2.0' where id = \(other)")
      #expect(try await newer() == "2.0")
      try await sample.client.query("update worker set stages = '{tell}' where id = \(other)")
      #expect(try await newer() == nil)
      try await sample.client.query(
        "update worker set stages = '{read}', started_at = '2020-01-01' where id = \(other)")
      #expect(try await newer() == nil)
    }
  }

  @Test func `a note is kept until it is taken away`() async throws {
    try await Sample.with { sample in
      try await sample.bury(.read, of: nil)
      let letters = DeadLetters(sample.library)
      try await letters.note("ask Ada", on: "read/media.truncated", by: "bob")
      var group = try await letters.group("read/media.truncated")
      #expect(group.note == "ask Ada" && group.notedBy == "bob" && group.notedAt != nil)
      try await letters.note("", on: "read/media.truncated", by: "eve")
      group = try await letters.group("read/media.truncated")
      #expect(group.note == nil && group.notedBy == "eve")
      await #expect(throws: OperationError.self) { try await letters.note("x", on: "none", by: "bob") }
    }
  }
}

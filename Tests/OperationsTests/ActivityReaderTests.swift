import Operations
import Pipeline
import Testing

@Suite struct ActivityReaderTests {
  @Test func `a sample has what runs, how far that is, and how much the workers could take`() async throws {
    try await Sample.with { sample in
      let worker = try await sample.addWorker()
      let id = try await sample.add("one", title: "A talk")
      try await sample.run(.read, of: id, state: "running", attempts: 2, worker: worker, progress: 0.5)
      try await sample.run(.read, of: try await sample.add("two"), state: "running")
      var reader = ActivityReader(sample.library)
      let look = try await reader.read(broker: nil)
      #expect(look.workers == 1 && look.stages.map(\.name) == ["dispatch", "read", "paint", "join", "tell"])
      let run = try #require(look.runs.first)
      #expect(look.runs.count == 1, "the other has no worker any more")
      #expect(run.stage == "read" && run.asset == id && run.title == "A talk" && run.progress == 0.5)
      #expect(run.attempt == 2 && run.worker == "here/7")
      let read = look.stages[1]
      #expect(read.running == 1 && read.concluded == 0 && read.waiting == nil)
      #expect(read.slots == StagePolicy().concurrency)
      #expect(look.stages[4].slots == 0, "nobody takes it")
      #expect(look.stages[0].concluded == nil)
    }
  }

  @Test func `what ended is counted from the first look on`() async throws {
    try await Sample.with { sample in
      let id = try await sample.add("one")
      try await sample.finish(.read, of: id)
      var reader = ActivityReader(sample.library)
      #expect(try await reader.read(broker: nil).stages[1].concluded == 0)
      for _ in 1...2 {
        try await sample.client.query(
          """
          insert into history (asset, stage, event, attempt, duration_ms) values (\(id.uuid), 'read', 'parked', 1, 40)
          """)
      }
      #expect(try await reader.read(broker: nil).stages[1].concluded == 2)
      try await sample.finish(.join, of: id)
      let last = try await reader.read(broker: nil)
      #expect(last.stages.map(\.concluded) == [nil, 2, 0, 1, 0])
    }
  }

  @Test func `a pause shows with its owner, its reason and its end`() async throws {
    try await Sample.with { sample in
      let pause = try await StagePauses(sample.library).pause(
        .read, for: .seconds(60), owner: "ada", reason: "the provider moves")
      var reader = ActivityReader(sample.library)
      #expect(try await reader.read(broker: nil).pauses == [pause])
    }
  }
}

import Concurrency
import Engine
import Identifiers
import Pipeline
import PostgreSQL
import TestSupport
import Testing

/// Two records that complete a join, stepped through on connections of their own in every order of their steps.
@Suite struct JoinTests {
  /// Every order in which two records can take three steps each: lock and write, plan, commit.
  static let orders: [[Int]] = interleavings(SteppedRecord.steps, SteppedRecord.steps)

  private static func interleavings(_ first: Int, _ second: Int) -> [[Int]] {
    if first == 0 && second == 0 { return [[]] }
    let zero = first > 0 ? interleavings(first - 1, second).map { [0] + $0 } : []
    let one = second > 0 ? interleavings(first, second - 1).map { [1] + $0 } : []
    return zero + one
  }

  @Test func `of two records that complete a join, one at least sees it ready, in every order`() async throws {
    let stages = [
      TestStage("one", reads: [.required(.source)], writes: "a"),
      TestStage("two", reads: [.required(.source)], writes: "b"),
      TestStage("join", reads: [.required(.a), .required(.b)], writes: "c"),
    ]
    #expect(Self.orders.count == 20)
    try await EngineHarness.with(stages) { harness in
      let ledger = Ledger(
        client: harness.client, loop: harness.loop, worker: .next(), build: "test", circuit: Circuit())
      for (number, order) in Self.orders.enumerated() {
        let id = try await harness.add("asset-\(number)")
        _ = try await harness.client.query("update asset set lifecycle = 'active' where id = \(id.uuid)")
        var records: [SteppedRecord] = []
        for stage in stages.dropLast() {
          guard case .ready(let recipe) = try await harness.plan(id).statuses[stage.name] else { break }
          let claim = Claim(
            asset: id, stage: stage.name, writes: stage.declaration.writes, recipe: recipe, lane: .live)
          _ = try await ledger.claim(claim)
          records.append(SteppedRecord(claim, client: harness.client))
        }
        let seen = try await Self.take(order, records, harness)
        #expect(seen.contains(true), "nobody saw the join in the order \(order)")
        #expect(try await harness.plan(id).statuses["join"]?.isReady == true)
      }
    }
  }

  /// Takes the steps in the order; a record that waits for the other's lock goes on when it has it.
  ///
  /// - Returns: for each record whether its plan saw the join ready.
  private static func take(
    _ order: [Int], _ records: [SteppedRecord], _ harness: EngineHarness
  ) async throws -> [Bool] {
    let graph = try PipelineGraph(harness.stages.map(\.declaration))
    let planner = Planner(pipeline: graph, definitions: Definitions(everywhere: [:]))
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      for record in records {
        group.addTask {
          let snapshot = try #require(try await record.run().snapshot)
          return planner.plan(snapshot.state).statuses["join"]?.isReady == true
        }
      }
      for turn in order { try await records[turn].proceed(harness) }
      var seen: [Bool] = []
      for try await value in group { seen.append(value) }
      return seen
    }
  }
}

extension StageName: ExpressibleByStringLiteral {
  package init(stringLiteral value: StaticString) { self.init(value) }
}

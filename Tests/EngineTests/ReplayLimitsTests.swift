import Engine
import TestSupport
import Testing

/// How much of a replay may be asked for: without a database.
@Suite struct ReplayLimitsTests {
  @Test func `without limits a batch is asked for, or what is left`() {
    #expect(ReplayLimits(waiting: 5000).decision(batch: 1000) == .request(1000))
    #expect(ReplayLimits(waiting: 7).decision(batch: 1000) == .request(7))
    #expect(ReplayLimits(waiting: 0).decision(batch: 1000) == .request(0))
  }

  @Test(arguments: [
    (100.0, Duration.milliseconds(500), 50), (100, .seconds(60), 100), (0.5, .seconds(1), 0), (0.5, .seconds(2), 1),
    (0.5, .seconds(600), 1),
  ])
  func `a rate keeps what was unused for a second, or for one item`(rate: Double, unused: Duration, count: Int) {
    let limits = ReplayLimits(waiting: 5000, rate: .init(perSecond: rate, unused: unused))
    #expect(limits.decision(batch: 1000) == .request(count))
  }

  @Test func `a canary holds the rest back until all of it has succeeded`() {
    var limits = ReplayLimits(waiting: 100, canary: .init(count: 3, goal: 3))
    #expect(limits.decision(batch: 1000) == .request(3))
    (limits.requested, limits.open, limits.waiting) = (3, 1, 97)
    limits.ended.succeeded = 2
    #expect(limits.decision(batch: 1000) == .request(0))
    (limits.open, limits.ended.succeeded) = (0, 3)
    #expect(limits.decision(batch: 1000) == .canaryPassed)
    limits.ended.succeeded = 2
    #expect(limits.decision(batch: 1000) == .widenCanary(by: 1), "one came to nothing")
    limits.ended.failed = 1
    guard case .pause = limits.decision(batch: 1000) else { return #expect(Bool(false), "a failure stops it") }
    limits.canary?.before = .init(succeeded: 0, failed: 1)
    #expect(limits.decision(batch: 1000) == .widenCanary(by: 1), "an earlier failure does not count")
  }

  @Test func `a budget counts what is open as spent, and feels its way where nothing is known`() {
    var limits = ReplayLimits(waiting: 100, budget: .init(units: 10, spent: 4, unitCost: 2))
    #expect(limits.decision(batch: 1000) == .request(3))
    limits.open = 3
    #expect(limits.decision(batch: 1000) == .request(0))
    limits.open = 0
    limits.budget?.spent = 9
    guard case .pause = limits.decision(batch: 1000) else { return #expect(Bool(false), "nothing fits any more") }
    limits.budget = .init(units: 10, spent: 0, unitCost: 0)
    #expect(limits.decision(batch: 1000) == .request(ReplayLimits.openAtUnknownCost))
  }

  @Test func `whatever the limits are, no more is asked for than waits, fits a batch and is paid for`() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let limits = ReplayLimits(
        waiting: .random(in: 0...2000, using: &random), requested: .random(in: 0...50, using: &random),
        open: .random(in: 0...50, using: &random),
        rate: Bool.random(using: &random)
          ? .init(
            perSecond: .random(in: 0.01...5000, using: &random), unused: .seconds(.random(in: 0...9, using: &random)))
          : nil,
        canary: Bool.random(using: &random) ? .init(count: 3, goal: .random(in: 0...60, using: &random)) : nil,
        budget: Bool.random(using: &random)
          ? .init(
            units: .random(in: 1...100, using: &random), spent: .random(in: 0...120, using: &random),
            unitCost: .random(in: 0...3, using: &random)) : nil)
      guard case .request(let count) = limits.decision(batch: 1000) else { continue }
      #expect((0...min(1000, limits.waiting)).contains(count), "\(limits)")
      if let budget = limits.budget, count > 0 {
        #expect(budget.spent + Double(limits.open + count) * budget.unitCost <= budget.units + 1e-6, "\(limits)")
      }
    }
  }
}

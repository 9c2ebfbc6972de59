/// How much of a replay may be asked for at the moment. Pure: what the database holds goes in, what to do comes out.
package struct ReplayLimits: Sendable, Equatable {
  package enum Decision: Sendable, Equatable {
    /// Up to so many items may be asked for now; 0: wait.
    case request(Int)
    /// The canary has succeeded; decide again without it.
    case canaryPassed
    /// So many more are needed to know about the canary: some of it came to nothing.
    case widenCanary(by: Int)
    case pause(String)
  }

  /// How many succeed before the others go.
  package struct Canary: Sendable, Equatable {
    package var count: Int
    /// Up to how many may be asked for, the canary included.
    package var goal: Int
    /// The counts when it began.
    package var before: Ended

    package init(count: Int, goal: Int, before: Ended = Ended()) {
      self.count = count
      self.goal = goal
      self.before = before
    }
  }

  /// How many came to an end, and how.
  package struct Ended: Sendable, Equatable {
    package var succeeded: Int
    package var failed: Int
    /// Nothing is recorded of what follows.
    package var sent: Int

    package init(succeeded: Int = 0, failed: Int = 0, sent: Int = 0) {
      self.succeeded = succeeded
      self.failed = failed
      self.sent = sent
    }
  }

  /// The most that may be charged.
  package struct Budget: Sendable, Equatable {
    package var units: Double
    package var spent: Double
    /// What one item is expected to cost; 0 where nothing is known.
    package var unitCost: Double

    package init(units: Double, spent: Double, unitCost: Double) {
      self.units = units
      self.spent = spent
      self.unitCost = unitCost
    }
  }

  /// A rate: items a second, and how long ago use was made of it.
  package struct Rate: Sendable, Equatable {
    package var perSecond: Double
    package var unused: Duration

    package init(perSecond: Double, unused: Duration) {
      self.perSecond = perSecond
      self.unused = unused
    }

    /// What was left unused is kept for a second, or for one item.
    package var allowed: Int { Int(min(perSecond * (unused / .seconds(1)), max(perSecond, 1)).rounded(.down)) }
  }

  /// Items whose turn has not come.
  package var waiting: Int
  /// Items that were asked for.
  package var requested: Int
  package var ended: Ended
  /// Asked for, and not ended yet.
  package var open: Int
  /// Nil: as quickly as they go.
  package var rate: Rate?
  package var canary: Canary?
  package var budget: Budget?

  package init(
    waiting: Int, requested: Int = 0, ended: Ended = Ended(), open: Int = 0, rate: Rate? = nil, canary: Canary? = nil,
    budget: Budget? = nil
  ) {
    self.waiting = waiting
    self.requested = requested
    self.ended = ended
    self.open = open
    self.rate = rate
    self.canary = canary
    self.budget = budget
  }

  /// How many are open at a time while nothing is known of what one costs.
  package static let openAtUnknownCost = 10

  /// What to do now, asking for no more than a batch.
  package func decision(batch: Int) -> Decision {
    var most = min(batch, waiting)
    guard most > 0 else { return .request(0) }
    if let rate { most = min(most, rate.allowed) }
    if let canary {
      switch decision(on: canary) {
      case .request(let count): most = min(most, count)
      case let decision: return decision
      }
    }
    if let budget {
      switch decision(on: budget) {
      case .request(let count): most = min(most, count)
      case let decision: return decision
      }
    }
    return .request(most)
  }

  private func decision(on canary: Canary) -> Decision {
    let failed = ended.failed - canary.before.failed
    guard failed == 0 else {
      return .pause("canary: \(failed) failed again; `replay show` says why, `replay resume` tries the next")
    }
    guard requested >= canary.goal, open == 0 else { return .request(max(0, canary.goal - requested)) }
    let sent = ended.sent - canary.before.sent
    guard sent == 0 else {
      return .pause(
        "canary: \(sent) were sent, and nothing is recorded of what follows; `replay resume` sends the next")
    }
    let missing = canary.count - (ended.succeeded - canary.before.succeeded)
    return missing > 0 ? .widenCanary(by: missing) : .canaryPassed
  }

  private func decision(on budget: Budget) -> Decision {
    let exhausted = Decision.pause(
      "budget: \(budget.spent) of \(budget.units) spent; `replay resume --budget` allows more")
    guard budget.unitCost > 0 else {
      return budget.spent < budget.units ? .request(max(0, Self.openAtUnknownCost - open)) : exhausted
    }
    let left = budget.units - budget.spent - Double(open) * budget.unitCost
    let count = Int(min(max(left / budget.unitCost, 0), Double(Int32.max)).rounded(.down))
    return count == 0 && open == 0 ? exhausted : .request(count)
  }
}

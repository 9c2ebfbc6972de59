package import Identifiers
package import Pipeline
package import PostgreSQL

/// What is to be announced again, and how.
package struct ReplayRequest: Sendable, Equatable {
  package enum Selector: String, Sendable, CaseIterable {
    /// What open dead letters are about.
    case dead
    /// Stages that were given up on, whatever became of their letters.
    case failed
    /// What another definition than the active one made.
    case outdated
    /// Stages that could run now.
    case stale
    /// Those of them that never made anything.
    case missing
    /// Those of them about which nothing happened for a while, and drafts: their messages may have been lost.
    case lost
    /// Every asset; with stages named, whatever of them is not up to date.
    case all
  }

  /// Which dead letters; all open ones if nothing is said.
  package struct Letters: Sendable, Equatable {
    package var ids: [UUID]
    /// The name of their group.
    package var group: String?
    package var errorCode: String?
    /// Not those from before.
    package var since: Timestamp?

    package init(ids: [UUID] = [], group: String? = nil, errorCode: String? = nil, since: Timestamp? = nil) {
      self.ids = ids
      self.group = group
      self.errorCode = errorCode
      self.since = since
    }
  }

  /// Whose turn comes first.
  package enum Order: Sendable, Equatable {
    /// As they are found.
    case asFound
    /// The assets that were made last.
    case newest
    /// The assets that have a tag.
    case tag(String)
  }

  /// A bound on what is charged.
  package struct Budget: Sendable, Equatable {
    package var amount: Double
    /// What providers count, such as `second`; `cost` for money; all that is counted together if nil.
    package var unit: String?

    package init(amount: Double, unit: String? = nil) {
      self.amount = amount
      self.unit = unit
    }
  }

  package var selector: Selector
  package var letters: Letters
  /// All when empty.
  package var stages: [StageName]
  /// These and their parts; all when empty.
  package var assets: [AssetID]
  /// Makes it again although it stands, and adopts nothing that was made before.
  package var isFresh: Bool
  package var lane: Lane
  package var order: Order
  /// Items a second; nil: as quickly as they go.
  package var rate: Double?
  /// So many must succeed before the others go.
  package var canary: Int?
  package var budget: Budget?
  /// How long nothing must have happened for something to count as lost.
  package var idle: Duration
  package var requestedBy: String
  package var reason: String?

  package init(
    _ selector: Selector, letters: Letters = Letters(), stages: [StageName] = [], assets: [AssetID] = [],
    isFresh: Bool = false, lane: Lane = .bulk, order: Order = .asFound, rate: Double? = nil, canary: Int? = nil,
    budget: Budget? = nil, idle: Duration = .seconds(15 * 60), requestedBy: String, reason: String? = nil
  ) {
    self.selector = selector
    self.letters = letters
    self.stages = stages
    self.assets = assets
    self.isFresh = isFresh
    self.lane = lane
    self.order = order
    self.rate = rate
    self.canary = canary
    self.budget = budget
    self.idle = idle
    self.requestedBy = requestedBy
    self.reason = reason
  }

  /// Makes sure that it means something.
  ///
  /// - Throws: ``OperationError/unknownStage(_:known:)``, or ``OperationError/invalidReplay(_:)``.
  func check(_ pipeline: PipelineGraph) throws(OperationError) {
    let known = pipeline.stages.map(\.name) + (selector == .dead ? [.dispatch] : [])
    if let stage = stages.first(where: { !known.contains($0) }) { throw .unknownStage(stage, known: known) }
    if isFresh, stages.isEmpty, selector == .all {
      throw .invalidReplay("name the stages that are to be made afresh: `--stage`")
    }
    if selector != .dead, letters != Letters() {
      throw .invalidReplay("`--id`, `--group`, `--code` and `--since` choose dead letters; they go with `--dead`")
    }
    if canary != nil, isDispatched {
      throw .invalidReplay(
        "a canary waits for the outcome of runs, and none is recorded of whole assets; name stages: `--stage`")
    }
    guard rate.map({ $0 > 0 }) ?? true, budget.map({ $0.amount > 0 }) ?? true, canary.map({ $0 > 0 }) ?? true else {
      throw .invalidReplay("rate, canary and budget are numbers above 0")
    }
  }

  /// Whether whole assets are announced, not stages of them.
  var isDispatched: Bool { selector == .all && stages.isEmpty }

  /// Whether the planner is asked, asset by asset; the others are chosen by one statement.
  var isPlanned: Bool {
    switch selector {
    case .dead, .failed, .outdated: false
    case .stale, .missing, .lost: true
    case .all: !isDispatched
    }
  }
}

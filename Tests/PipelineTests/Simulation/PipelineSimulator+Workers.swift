import Pipeline

/// The rules of the engine, step by step.
extension PipelineSimulator {
  /// Lets one of the workers go on by a step, or die before it.
  mutating func step() {
    let index = Int.random(in: workers.indices, using: &random)
    var worker = workers[index]
    if turbulence.strikes(\.crashes, using: &random) {
      workers.remove(at: index)
      crash(worker)
      return
    }
    switch worker.step {
    case .taken: worker.step = take(worker.doorbell)
    case .claimed(let claim):
      if turbulence.strikes(\.stalls, using: &random) {
        endLease(of: claim)
        return
      }
      worker.step = .announcing(record(claim))
    case .announcing(let stages):
      announce(stages)
      workers.remove(at: index)
      return
    }
    workers[index] = worker
  }

  /// Its delivery comes again; what it announced before it died stays announced, what it claimed stays claimed.
  private mutating func crash(_ worker: Worker) {
    inFlight.append(worker.doorbell)
    switch worker.step {
    case .taken: break
    case .claimed(let claim): orphans.append(claim)
    case .announcing(let stages): announce(stages.prefix(Int.random(in: 0...stages.count, using: &random)))
    }
  }

  private mutating func announce(_ stages: some Sequence<StageName>) {
    for stage in stages {
      inFlight.append(.stage(stage))
      sent += 1
    }
  }

  private mutating func take(_ doorbell: Doorbell) -> Worker.Step {
    let plan = plan
    guard case .stage(let name) = doorbell else { return .announcing(plan.ready(in: planner.pipeline)) }
    switch plan.statuses[name] {
    case .ready(let recipe):
      return .claimed(claim(name, recipe))
    case .running:
      reminders.insert(name)
      return .announcing([])
    case .waiting, .parked, nil:
      return .announcing([])
    case .upToDate, .outdated, .notApplicable, .blocked, .dead:
      // Whoever settled it may have died before it said so.
      return .announcing(announcements(after: name, in: plan))
    }
  }

  private mutating func claim(_ stage: StageName, _ recipe: Recipe) -> Worker.Claim {
    let token = tokens[stage, default: 0] + 1
    tokens[stage] = token
    asset.runs[stage] = RunState(recipe: recipe, phase: .running(isAlive: true))
    starts[stage, default: [:]][recipe, default: 0] += 1
    return Worker.Claim(stage: stage, recipe: recipe, token: token)
  }

  mutating func endLease(of claim: Worker.Claim) {
    guard holds(claim) else { return }
    asset.runs[claim.stage] = RunState(recipe: claim.recipe, phase: .running(isAlive: false))
  }

  private func holds(_ claim: Worker.Claim) -> Bool { tokens[claim.stage] == claim.token }

  /// Writes the result if the claim still holds (otherwise it would go to the cache, and making it again is free).
  private mutating func record(_ claim: Worker.Claim) -> [StageName] {
    guard holds(claim), let stage = planner.pipeline[claim.stage] else { return [] }
    if turbulence.strikes(\.setbacks, using: &random) {
      asset.runs[claim.stage] = RunState(recipe: claim.recipe, phase: .parked(isDue: false))
      return []
    }
    switch work.result(of: claim.stage, for: claim.recipe) {
    case .made(let fingerprint, let isEmpty):
      asset.artifacts[stage.writes] = ArtifactState(fingerprint: fingerprint, recipe: claim.recipe, isEmpty: isEmpty)
      asset.runs[claim.stage] = RunState(recipe: claim.recipe, phase: .done)
    case .gaveUp:
      asset.runs[claim.stage] = RunState(recipe: claim.recipe, phase: .dead)
    }
    return announcements(after: claim.stage, in: plan)
  }

  private func announcements(after name: StageName, in plan: Plan) -> [StageName] {
    planner.pipeline[name].map { plan.announcements(after: $0, in: planner.pipeline) } ?? []
  }
}

import Hashing
import Pipeline
import TestSupport

/// One asset as the database holds it, the messages in flight and the workers that serve them; no clock, no I/O.
///
/// Workers keep the rules of the engine: take, run, record, announce. What happens next is drawn at random from all
/// that can happen, so messages overtake each other and people interfere while work is under way.
struct PipelineSimulator {
  var planner: Planner
  var asset: AssetState
  let work: ImaginaryWork
  var turbulence: Turbulence
  var random: SeededGenerator

  var inFlight: [Doorbell] = []
  var workers: [Worker] = []
  /// The token of the last claim of each stage.
  var tokens: [StageName: Int] = [:]
  /// Claims whose worker died, until their lease ends.
  var orphans: [Worker.Claim] = []
  /// Stages whose delivery found them held by someone alive: announced again when the lease has ended.
  var reminders: Set<StageName> = []
  /// What people gave and pinned before the last edit, until it is taken back.
  var beforeLastEdit: (given: [ArtifactKind: Fingerprint], pins: [ArtifactKind: Fingerprint])?
  /// The definitions that differ from those that the stages declare.
  var changedDefinitions: [StageName: SHA256Digest] = [:]

  /// How often each recipe was claimed.
  var starts: [StageName: [Recipe: Int]] = [:]
  /// How many messages workers sent.
  var sent = 0
  /// How many messages vanished.
  var lost = 0
  /// The messages that came twice.
  var doubled: [Doorbell] = []

  init(_ generated: GeneratedCase, turbulence: Turbulence = .none) {
    planner = Planner(pipeline: generated.pipeline, definitions: Definitions(everywhere: [:]))
    asset = generated.asset
    work = generated.work
    self.turbulence = turbulence
    random = generated.random
  }

  var plan: Plan { planner.plan(asset) }

  /// Announces all that is ready and serves until no message, worker or timer is left.
  mutating func dispatch() throws(NeverSettles) {
    inFlight.append(.dispatch)
    for _ in 0..<Self.patience {
      guard let event = events.randomElement(using: &random) else { return }
      happen(event)
    }
    throw NeverSettles(asset: asset)
  }

  /// More steps than any generated case takes; messages that breed messages use them up.
  private static let patience = 20_000

  /// The asset went round in circles.
  struct NeverSettles: Error {
    let asset: AssetState
  }
}

extension PipelineSimulator {
  private enum Event {
    case delivery
    case step
    case leaseEnd
    case due(StageName)
    case reminder(StageName)
    case intervention
  }

  /// All that can happen next.
  private var events: [Event] {
    var events: [Event] = []
    if !inFlight.isEmpty { events.append(.delivery) }
    if !workers.isEmpty { events += [.step, .step] }
    if !orphans.isEmpty { events.append(.leaseEnd) }
    for stage in planner.pipeline.stages.map(\.name) {
      switch asset.runs[stage]?.phase {
      case .parked(isDue: false): events.append(.due(stage))
      case .running(isAlive: true): break
      default: if reminders.contains(stage) { events.append(.reminder(stage)) }
      }
    }
    if turbulence.interventions > 0, !events.isEmpty { events.append(.intervention) }
    return events
  }

  private mutating func happen(_ event: Event) {
    switch event {
    case .delivery: deliver()
    case .step: step()
    case .leaseEnd: endLease(of: orphans.remove(at: Int.random(in: orphans.indices, using: &random)))
    case .due(let stage):
      if let run = asset.runs[stage] { asset.runs[stage] = RunState(recipe: run.recipe, phase: .parked(isDue: true)) }
      inFlight.append(.stage(stage))
    case .reminder(let stage):
      reminders.remove(stage)
      inFlight.append(.stage(stage))
    case .intervention:
      turbulence.interventions -= 1
      intervene()
    }
  }

  private mutating func deliver() {
    let doorbell = inFlight.remove(at: Int.random(in: inFlight.indices, using: &random))
    if turbulence.strikes(\.losses, using: &random) {
      lost += 1
      return
    }
    if turbulence.strikes(\.duplicates, using: &random) {
      doubled.append(doorbell)
      inFlight.append(doorbell)
    }
    workers.append(Worker(doorbell: doorbell))
  }
}

internal import Pipeline

/// A claim on its way through the engine, and the delivery that it came with.
struct StageRun: Sendable {
  let claim: Claim
  let stage: any Stage
  let taking: Taking
}

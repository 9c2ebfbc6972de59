internal import Observability
internal import Pipeline

/// A claim on its way through the engine, and the delivery that it came with.
final class StageRun: Sendable {
  let claim: Claim
  let stage: any Stage
  let declaration: StageDeclaration
  let taking: Taking
  /// Its span; nil while nobody records spans.
  let trace: RunTrace?

  /// - Parameter recipe: the one that the plan of `snapshot` wants.
  init(
    _ recipe: Recipe, of stage: any Stage, _ declaration: StageDeclaration, for snapshot: AssetSnapshot,
    _ taking: Taking, tracer: Tracer?
  ) {
    claim = Claim(
      asset: snapshot.asset.id, stage: declaration.name, writes: declaration.writes, recipe: recipe,
      lane: taking.lane)
    self.stage = stage
    self.declaration = declaration
    self.taking = taking
    trace = tracer.map { RunTrace(continuing: taking.trace, tracer: $0) }
  }

  /// The W3C trace context of what follows from it.
  var traceparent: String? { trace?.context.traceparent ?? taking.trace }

  /// What log lines about it carry.
  ///
  /// - Parameter attempts: its starts so far.
  func logMetadata(attempts: Int) -> LogMetadata {
    var metadata: LogMetadata = [
      .asset: "\(claim.asset)", .stage: "\(claim.stage)", .attempt: .integer(attempts), .lane: "\(claim.lane)",
    ]
    metadata.add(traceparent: traceparent)
    return metadata
  }
}

extension LogMetadata {
  /// Adds the ids of a W3C trace context, if it is one.
  mutating func add(traceparent: String?) {
    guard let trace = traceparent.flatMap(TraceContext.init(traceparent:)) else { return }
    self[.trace] = .string(trace.traceID)
    self[.span] = .string(trace.spanID)
  }
}

internal import Observability
internal import Pipeline

/// The place of work on a delivery in a trace. There is one only while spans are recorded.
struct RunTrace: Sendable {
  let context: TraceContext
  private let parent: TraceContext?
  private let start = Span.now
  private let tracer: Tracer

  /// Goes on with the trace that a message came with; begins one where it came with none.
  init(continuing traceparent: String?, tracer: Tracer) {
    parent = traceparent.flatMap(TraceContext.init(traceparent:))
    context = parent?.child() ?? .root()
    self.tracer = tracer
  }

  /// Records how a run ended.
  ///
  /// - Parameter outcome: nil where it was somebody else's by then.
  func record(_ conclusion: Conclusion, outcome: StageMetrics.Outcome?) {
    let failure = conclusion.ending.failure
    var attributes: [(key: String, value: LogValue)] = [
      ("reelmill.asset", "\(conclusion.claim.asset)"), ("reelmill.stage", "\(conclusion.claim.stage)"),
      ("reelmill.attempt", .integer(conclusion.attempts)), ("reelmill.lane", "\(conclusion.claim.lane)"),
      ("reelmill.outcome", .string(outcome?.label ?? "lost")),
    ]
    if let failure { attributes.append(("error.type", .string(failure.code))) }
    tracer.record(
      Span(
        conclusion.claim.stage.rawValue, .consumer, context: context, parent: parent, start: start,
        attributes: attributes, failure: failure.map { "\($0)" }), in: context)
  }

  /// Records that an asset was dispatched.
  func record(dispatching asset: AssetID, lane: Lane) {
    tracer.record(
      Span(
        StageName.dispatch.rawValue, .consumer, context: context, parent: parent, start: start,
        attributes: [
          ("reelmill.asset", "\(asset)"), ("reelmill.stage", "\(StageName.dispatch)"), ("reelmill.lane", "\(lane)"),
        ]), in: context)
  }
}

extension Conclusion.Ending {
  /// What went wrong, where something did; that another run makes the same is no failure.
  fileprivate var failure: StageFailure? {
    switch self {
    case .parked(_, let failure, _), .dead(let failure, _): failure
    case .finished, .continued, .awaiting, .returned: nil
    }
  }
}

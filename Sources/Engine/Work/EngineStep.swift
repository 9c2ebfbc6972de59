package import Pipeline

/// The places between two effects of handling one delivery. Tests end the process at each of them.
package enum EngineStep: String, Sendable, CaseIterable {
  case taken
  case claimed
  case ran
  case recorded
  case announced
}

/// Told of each step that is reached; nothing in production.
package typealias StepObserver = @Sendable (EngineStep, StageName) -> Void

import Pipeline

/// A message in flight, as far as the order of things matters.
enum Doorbell: Hashable {
  /// Asks for all that is ready.
  case dispatch
  case stage(StageName)
}

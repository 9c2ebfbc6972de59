/// How much is still to go wrong in a simulation, by kind; each is spent at a random moment.
struct Turbulence {
  /// Deliveries that are made twice.
  var duplicates = 0
  /// Messages that vanish.
  var losses = 0
  /// Workers that die between two steps; their delivery comes again, their lease ends later.
  var crashes = 0
  /// Workers whose lease ends although they live on.
  var stalls = 0
  /// Runs that fail for now and are parked.
  var setbacks = 0
  /// Edits, pins and changed definitions in the middle of the work.
  var interventions = 0

  /// Nothing goes wrong; messages still come in any order.
  static let none = Turbulence()

  /// Spends one of a kind, now or at a later occasion.
  mutating func strikes(
    _ kind: WritableKeyPath<Turbulence, Int>, using random: inout some RandomNumberGenerator
  ) -> Bool {
    guard self[keyPath: kind] > 0, Int.random(in: 0..<4, using: &random) == 0 else { return false }
    self[keyPath: kind] -= 1
    return true
  }
}

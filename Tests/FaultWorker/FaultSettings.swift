internal import Glibc

/// What a worker of the fault tests is told beside where it works: `<name>=<value>` arguments.
struct FaultSettings {
  /// A place between two effects: `<step>:<stage>`.
  struct Place: Equatable {
    let step: String
    let stage: String

    init?(_ text: Substring) {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      (step, stage) = (parts[0], parts[1])
    }
  }

  /// `kill=`: where it ends itself by SIGKILL, the first time it comes there.
  var kill: Place?
  /// `stop=`: where it stops itself by SIGSTOP, the first time it comes there.
  var stop: Place?
  /// `lease=`: milliseconds after its last sign of life until it counts as dead.
  var lease = 1000
  /// `window=`: milliseconds that the provider takes for one window.
  var window = 0
  /// `version=`: of the stage `two`.
  var version = 1
  /// `migrate=no`: leaves the database and the active definitions as they are.
  var migrates = true
  /// `replay=lost`: announces what is lost before it begins.
  var replaysLost = false

  /// - Returns: nil if an argument is none of these.
  init?(_ arguments: some Sequence<String>) {
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, set(parts[0], to: parts[1]) else { return nil }
    }
  }

  private mutating func set(_ name: Substring, to value: Substring) -> Bool {
    switch name {
    case "kill": kill = Place(value)
    case "stop": stop = Place(value)
    case "lease": lease = Int(value) ?? lease
    case "window": window = Int(value) ?? window
    case "version": version = Int(value) ?? version
    case "migrate": migrates = value != "no"
    case "replay": replaysLost = value == "lost"
    default: return false
    }
    return true
  }
}

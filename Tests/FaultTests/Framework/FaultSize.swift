import FoundationEssentials

/// How large a scenario is: short in every run of the tests, long where `REELMILL_FAULTS` is `long`.
enum FaultSize {
  static let isLong = ProcessInfo.processInfo.environment["REELMILL_FAULTS"] == "long"

  /// What each scenario hands in, if it does not say otherwise.
  static let assets = isLong ? 2000 : 60

  /// Until all is complete again after the last fault.
  static let patience = Duration.seconds(isLong ? 900 : 120)

  static func choose<Value>(short: Value, long: Value) -> Value { isLong ? long : short }
}

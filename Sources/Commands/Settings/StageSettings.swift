internal import Configuration
internal import Pipeline

/// The settings of one stage: how it is run, never what it makes.
struct StageSettings: Sendable {
  let attempts: Setting<Int>
  let deadline: Setting<Duration>
  let pause: Setting<Duration>
  let longestPause: Setting<Duration>

  init(_ stage: StageDeclaration) {
    let name = "stages.\(stage.name)"
    let prefix = "REELMILL_STAGES_\(stage.name.rawValue.uppercased().replacing("-", with: "_"))"
    let policy = stage.policy
    let longest = Duration.seconds(24 * 3600)
    attempts = Setting(
      "\(name).attempts", environment: "\(prefix)_ATTEMPTS", .integer(1...1000), default: policy.attempts,
      help: "Starts of `\(stage.name)` before a failure that may pass becomes a dead letter.")
    deadline = Setting(
      "\(name).deadline", environment: "\(prefix)_DEADLINE", .duration(.seconds(1)...StagePolicy.longestDeadline),
      default: policy.deadline, help: "The longest that one run of it may take.")
    pause = Setting(
      "\(name).pause", environment: "\(prefix)_PAUSE", .duration(.milliseconds(1)...longest),
      default: policy.firstPause, help: "The longest pause after its first failure; it doubles with each further one.")
    longestPause = Setting(
      "\(name).longest_pause", environment: "\(prefix)_LONGEST_PAUSE", .duration(.milliseconds(1)...longest),
      default: policy.longestPause, help: "The longest pause after any failure.")
  }

  var all: [any SettingKey] { [attempts, deadline, pause, longestPause] }

  /// The policy as the settings want it.
  func policy(_ settings: ResolvedSettings, for stage: StageDeclaration) -> StagePolicy {
    var policy = stage.policy
    policy.attempts = settings[attempts]
    policy.deadline = settings[deadline]
    policy.firstPause = settings[pause]
    policy.longestPause = max(settings[pause], settings[longestPause])
    return policy
  }
}

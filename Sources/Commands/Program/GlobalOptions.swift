internal import Arguments

/// What every command takes.
enum GlobalOptions {
  static let json = Flag("json", help: "Print data as JSON; streams as one object a line.")
  static let set = Option(
    repeated: "set", .text(placeholder: "name=value"), help: "Give a setting, as `reelmill config` names it.")
  static let file = Option(optional: "config", .file, help: "The project file; `reelmill.toml` here when not given.")
  static let quiet = Flag("quiet", short: "q", help: "Print no progress.")

  static let all: [any ArgumentKey] = [json, set, file, quiet]
}

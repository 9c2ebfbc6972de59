internal import Arguments
internal import Glibc
internal import Identifiers
internal import Operations
internal import Pipeline
internal import PostgreSQL

/// How commands are told which dead letters are meant.
enum DeadLetterArgument {
  static let id = Positional("id", .text, help: "The id that `dlq list` shows.")
  static let ids = Positional(repeated: "id", .text, help: "Ids that `dlq list` shows.")
  static let stage = Option(optional: "stage", .text, help: "Only those of this stage.")
  static let group = Option(optional: "group", .text, help: "Only those of this group, as `dlq groups` names it.")
  static let code = Option(optional: "code", .text, help: "Only those with this error code.")
  static let since = Option(optional: "since", .duration, help: "Only those of the last while.")
  static let state = Option(
    "state", .choice(of: DeadLetterState.allCases.map(\.rawValue) + ["all"]), default: DeadLetterState.open.rawValue,
    help: "What became of them.")
  /// What chooses letters for a list or an export.
  static let filters: [any ArgumentKey] = [stage, group, code, since, state]

  /// - Throws: ``CommandFailure`` for what is no id.
  static func id(_ text: String) throws(CommandFailure) -> UUID {
    guard let id = UUID(text) else {
      throw CommandFailure(.usage, "`\(text)` is not the id of a dead letter; see `reelmill dlq list`")
    }
    return id
  }

  /// - Throws: ``CommandFailure`` for what cannot be a stage.
  static func stage(_ text: String?) throws(CommandFailure) -> StageName? {
    guard let text else { return nil }
    guard let stage = StageName(rawValue: text) else {
      throw CommandFailure(.usage, "--stage: `\(text)` cannot be the name of a stage; see `reelmill topology`")
    }
    return stage
  }

  static func filter(_ arguments: ParsedArguments) throws(CommandFailure) -> DeadLetters.Filter {
    let since = arguments[since].map { age in
      Timestamp(millisecondsSince1970: Timestamp.now.millisecondsSince1970 - Int64(age / .milliseconds(1)))
    }
    return DeadLetters.Filter(
      stage: try stage(arguments[stage]), group: arguments[group], errorCode: arguments[code], since: since,
      state: DeadLetterState(rawValue: arguments[state]))
  }

  /// The letters by id, or else the group.
  static func selection(_ arguments: ParsedArguments) throws(CommandFailure) -> DeadLetters.Selection {
    let texts = arguments[ids]
    guard texts.count <= DeadLetters.mostLetters else {
      throw CommandFailure(.usage, "at most \(DeadLetters.mostLetters) ids at a time; give --group for more")
    }
    var letters: [UUID] = []
    for text in texts { letters.append(try id(text)) }
    if !letters.isEmpty { return .letters(letters, in: arguments[group]) }
    guard let name = arguments[group] else {
      throw CommandFailure(.usage, "which dead letters? Give ids, or --group for all of one; see `reelmill dlq groups`")
    }
    return .group(name)
  }
}

internal import Arguments
internal import FoundationEssentials
internal import JSON
internal import Operations
internal import Pipeline

/// `reelmill dlq edit`
struct EditDeadLetterCommand: Command {
  static let body = Option(optional: "body", .file, help: "A file with the new body: a message, as JSON.")
  static let headers = Option(
    repeated: "header", .text(placeholder: "name=value"), help: "Give a header; may be given more than once.")
  static let removed = Option(
    repeated: "remove-header", .text(placeholder: "name"), help: "Take a header away; may be given more than once.")
  static let undo = Flag("undo", help: "Take back the last edit.")
  static let reason = Option(required: "reason", .text, help: "Why; it is kept with the letter.")

  let declaration = CommandDeclaration(
    "edit", summary: "change the message of a dead letter",
    discussion: """
      The new body must be a message about the same asset that asks for the same stage, so that a replay does the same \
      work and nothing twice. Headers that say where it comes from are locked.
      """,
    arguments: [DeadLetterArgument.id, Self.body, Self.headers, Self.removed, Self.undo, Self.reason])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let id = try DeadLetterArgument.id(arguments[DeadLetterArgument.id])
    let edit = try Self.edit(arguments)
    let isUndo = arguments[Self.undo]
    guard edit.isEmpty == isUndo else {
      throw CommandFailure(.usage, "give --body, --header or --remove-header, or else --undo")
    }
    try await OpenLibrary.with(context) { library in
      let letters = DeadLetters(try library.operations)
      let person = context.settings[ReelmillSettings.owner]
      if isUndo {
        try await letters.undoEdit(id, by: person, reason: arguments[Self.reason])
      } else {
        try await letters.edit(id, edit, by: person, reason: arguments[Self.reason])
      }
      context.wantsJSON ? context.print(["id": .string(id.description)]) : context.print("\(id)  edited")
    }
  }

  private static func edit(_ arguments: ParsedArguments) throws(CommandFailure) -> DeadLetterEdit {
    var edit = DeadLetterEdit()
    if let path = arguments[body] {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(.inputOutput, "\(path): cannot be read")
      }
      edit.body = Array(data)
    }
    for text in arguments[headers] {
      guard let equals = text.firstIndex(of: "=") else {
        throw CommandFailure(.usage, "--header: expected name=value, came `\(text)`")
      }
      edit.headers[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    for name in arguments[removed] { edit.headers[name] = .some(nil) }
    return edit
  }
}

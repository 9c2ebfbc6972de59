internal import Arguments
internal import Configuration
internal import Documents
internal import Engine
internal import FoundationEssentials
internal import JSON
internal import Pipeline

/// `reelmill edit`
struct EditCommand: Command {
  static let asset = Positional("asset", .text, help: AssetArgument.help)
  static let title = Option(optional: "title", .text, help: "The new title.")
  static let tags = Option(optional: "tags", .list(of: .text), help: "The new tags, separated by commas.")
  static let labels = Option(
    optional: "labels", .list(of: .text), help: "Labels of your own; they add to what the machine finds.")
  static let transcript = Option(
    optional: "transcript", .file,
    help: "An .srt or .vtt file that is right where the machine's transcript is not; it counts until --unpin.")
  static let unpin = Flag("unpin", help: "Go back to the machine's transcript.")

  let declaration = CommandDeclaration(
    "edit", summary: "change an asset; only what depends on the change is made anew",
    arguments: [Self.asset, Self.title, Self.tags, Self.labels, Self.transcript, Self.unpin],
    examples: [
      .init("reelmill edit minutes-2024 --title 'Minutes of May'", "a new title"),
      .init("reelmill edit talk --transcript talk.vtt", "a corrected transcript"),
    ])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    var edit = Edit(
      title: arguments[Self.title], tags: arguments[Self.tags], labels: arguments[Self.labels],
      unpinsTranscript: arguments[Self.unpin])
    if let path = arguments[Self.transcript] { edit.transcript = try transcript(at: path) }
    guard !edit.isEmpty else { throw CommandFailure(.usage, "nothing to change; see `reelmill edit --help`") }
    try await OpenLibrary.with(context) { library in
      let id = try await AssetArgument.find(arguments[Self.asset], in: library, context)
      let revision = try await library.intake.edit(id, edit, by: context.settings[ReelmillSettings.owner])
      if context.wantsJSON {
        context.print(["assetId": .string(id.description), "revision": .integer(revision)])
      } else {
        context.print("\(id)  revision \(revision)")
      }
    }
  }

  /// The longest transcript file, in bytes.
  private static let limit = 16 << 20

  private func transcript(at path: String) throws -> Transcript {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.inputOutput, "\(path): cannot be read")
    }
    do {
      let track = try SubtitleTrack(parsing: try DecodedText(Array(data), limit: Self.limit).text)
      return Transcript(
        origin: .edited,
        segments: track.cues.map {
          Transcript.Segment(start: Int64($0.start), end: Int64($0.end), text: $0.text, speaker: $0.speaker)
        }, issues: track.issues.isEmpty ? nil : track.issues.map { "\($0)" })
    } catch { throw CommandFailure(.failed, "\(path): \(error)") }
  }
}

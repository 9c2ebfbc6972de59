internal import Arguments
internal import Engine
internal import JSON
internal import Pipeline

/// `reelmill ingest`
struct IngestCommand: Command {
  static let paths = Positional(
    repeated: "path", .file, atLeast: 1, help: "Files and folders; - reads one file's content from standard input.")
  static let lane = Option(
    "lane", .choice(of: Lane.allCases.map(\.rawValue)), default: Lane.live.rawValue,
    help: "live when people wait for it, bulk for back-fill.")
  static let wait = Flag("wait", help: "Wait until nothing is left to do, and show how far the work is.")
  static let title = Option(optional: "title", .text, help: "The title, for a single file; its name when not given.")
  static let tags = Option("tags", .list(of: .text), default: [], help: "Tags, separated by commas.")
  static let id = Option(
    optional: "id", .text, help: "A UUID or a slug for a single file; derived from its content when not given.")

  let declaration = CommandDeclaration(
    "ingest", summary: "take files into the library",
    discussion: """
      Folders are searched through; hidden files are left out. A subtitle file beside a video or an audio file of the \
      same name (talk.mp4, talk.srt) comes with it. What a file is, its content tells, not its name. The same content \
      is taken in once. Prints the id of each asset.
      """,
    arguments: [Self.paths, Self.lane, Self.wait, Self.title, Self.tags, Self.id],
    examples: [
      .init("reelmill ingest talks/ --wait", "a folder, and wait until it can be searched"),
      .init("reelmill ingest - --id minutes-2024 --title Minutes < minutes.md", "from another program"),
    ])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let paths = arguments[Self.paths]
    let isSingle = paths.count == 1 && !FileWalk.isFolder(paths[0])
    guard isSingle || (arguments[Self.id] == nil && arguments[Self.title] == nil) else {
      throw CommandFailure(.usage, "--id and --title name one asset; give a single file")
    }
    try await OpenLibrary.with(context) { library in
      let ingestion = Ingestion(
        library: library, settings: context.settings, lane: Lane(rawValue: arguments[Self.lane]) ?? .live,
        title: arguments[Self.title], tags: arguments[Self.tags], id: arguments[Self.id])
      var outcomes: [Ingestion.Taken] = []
      var failures = 0
      var line = context.messages.isTerminal ? context.progressLine() : nil
      for file in FileWalk(paths: paths) {
        line?.update("\(outcomes.count) taken in · \(file.path)")
        do throws(IngestionError) {
          let taken = try await ingestion.take(try file.get())
          outcomes.append(taken)
          line?.clear()
          report(taken, in: context)
        } catch {
          failures += 1
          line?.clear()
          context.complain("\(file.path): \(error)")
        }
      }
      line?.clear()
      if arguments[Self.wait] { try await Progress(library: library, context: context).follow(outcomes.map(\.id)) }
      if failures > 0 {
        throw CommandFailure(.failed, "\(outcomes.count) taken in, \(failures) not; see above")
      }
    }
  }

  private func report(_ taken: Ingestion.Taken, in context: CommandContext) {
    if context.wantsJSON {
      context.print([
        "assetId": .string(taken.id.description), "mediaType": .string(taken.mediaType.rawValue),
        "path": .string(taken.path), "outcome": .string(taken.outcome.word),
      ])
    } else {
      let note = taken.outcome == .created ? "" : "  (\(taken.outcome.word))"
      context.print("\(taken.id)  \(taken.mediaType.rawValue)  \(taken.title)\(note)")
    }
  }
}

extension Intake.Outcome {
  fileprivate var word: String {
    switch self {
    case .created: "created"
    case .unchanged: "unchanged"
    case .restored: "restored"
    }
  }
}

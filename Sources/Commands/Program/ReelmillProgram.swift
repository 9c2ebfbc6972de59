internal import AMQP
package import Arguments
internal import Configuration
internal import Engine
internal import FoundationEssentials
internal import Glibc
internal import Observability
internal import PostgreSQL
internal import TerminalOutput

/// The program: its commands, and how a command line becomes an exit code.
package enum ReelmillProgram {
  package static let program = Program<CommandContext>(
    "reelmill", version: ReelmillVersion.current,
    summary: "turn a pile of media into a library that people search and quote",
    discussion: """
      Video, audio, images and text go in; what was said and shown in them is found. Every stage of the work is a \
      consumer on RabbitMQ, PostgreSQL holds the truth, and what changes is all that is made anew.
      """,
    globals: GlobalOptions.all,
    examples: [
      .init("reelmill up", "run everything on this machine"),
      .init("reelmill ingest talks/ --wait", "take a folder in"),
      .init("reelmill search 'renewable energy'", "find what was said and shown"),
    ],
    commands: [
      .command(UpCommand()), .command(WorkCommand()), .command(MigrateCommand()), .command(IngestCommand()),
      .command(SearchCommand()), .command(ShowCommand()), .command(WhyCommand()), .command(EditCommand()),
      .command(RemoveCommand()), .command(PlanCommand()), .command(TopologyCommand()),
      .command(StatusCommand()), .command(PauseCommand()), .command(ResumeCommand()), .command(CostsCommand()),
      .group(
        "dlq", summary: "look at dead letters, change them, put them away",
        [
          .command(ListDeadLettersCommand()), .command(DeadLetterGroupsCommand()), .command(ShowDeadLetterCommand()),
          .command(NoteDeadLettersCommand()), .command(EditDeadLetterCommand()), .command(ArchiveDeadLettersCommand()),
          .command(RestoreDeadLettersCommand()), .command(DiscardDeadLettersCommand()),
          .command(ExportDeadLettersCommand()), .command(SweepDeadLettersCommand()),
        ]),
      .family(
        ReplayCommand(),
        [
          .command(ListReplaysCommand()), .command(ShowReplayCommand()), .command(WatchReplayCommand()),
          .command(PauseReplayCommand()), .command(ResumeReplayCommand()), .command(CancelReplayCommand()),
        ]),
      .command(BackupCommand()), .command(RestoreCommand()), .command(DoctorCommand()), .command(ConfigCommand()),
      .command(SamplesCommand()),
      .command(CompletionsCommand()), .command(ManualCommand()),
    ])

  /// Runs a command line.
  ///
  /// - Parameter arguments: what follows the program's name.
  package static func run(_ arguments: [String], environment: [String: String]) async -> ExitCode {
    // A reader that goes away shows as a failed write, not as the end of this process.
    signal(SIGPIPE, SIG_IGN)
    let output = Terminal(descriptor: STDOUT_FILENO, environment: environment)
    let messages = Terminal(descriptor: STDERR_FILENO, environment: environment)
    do {
      switch try program.parse(arguments) {
      case .help(let path):
        put(program.help(for: path, width: output.width), STDOUT_FILENO)
        return .done
      case .version:
        put("\(ReelmillVersion.build)\n", STDOUT_FILENO)
        return .done
      case .run(let command, let parsed):
        return await run(command, parsed, environment: environment, output: output, messages: messages)
      }
    } catch {
      put("reelmill: \(error)\n", STDERR_FILENO)
      return .usage
    }
  }

  private static func run(
    _ command: any Command<CommandContext>, _ parsed: ParsedArguments, environment: [String: String],
    output: Terminal, messages: Terminal
  ) async -> ExitCode {
    do {
      let settings = try resolve(parsed, environment: environment)
      let log = LogOutput.standardError(
        format: messages.isTerminal ? .readable(isColored: messages.usesColor) : .json)
      defer { _ = log.flush() }
      let level = LogLevel(rawValue: settings[ReelmillSettings.logLevel]) ?? .info
      let context = CommandContext(
        settings: settings, output: output, messages: messages, wantsJSON: parsed[GlobalOptions.json],
        isQuiet: parsed[GlobalOptions.quiet], logger: Logger(level: level, output: log), write: put)
      for warning in settings.warnings { context.complain("reelmill: \(warning)") }
      try await command.run(parsed, in: context)
      return .done
    } catch {
      put("reelmill: \(error)\n", STDERR_FILENO)
      return exitCode(of: error)
    }
  }

  private static func resolve(
    _ parsed: ParsedArguments, environment: [String: String]
  ) throws -> ResolvedSettings {
    var flags: [SettingFlag] = []
    for text in parsed[GlobalOptions.set] {
      guard let equals = text.firstIndex(of: "=") else {
        throw CommandFailure(.usage, "--set: expected name=value, came `\(text)`")
      }
      flags.append(
        SettingFlag(setting: String(text[..<equals]), text: String(text[text.index(after: equals)...]), flag: "--set"))
    }
    let path = parsed[GlobalOptions.file] ?? "reelmill.toml"
    let isGiven = parsed[GlobalOptions.file] != nil || access(path, F_OK) == 0
    return try ReelmillSettings.all.resolve(
      flags: flags, environment: environment, file: isGiven ? try ProjectFile(contentsOf: path) : nil)
  }

  private static func exitCode(of error: any Error) -> ExitCode {
    switch error {
    case let failure as CommandFailure: failure.code
    case is ConfigurationError: .configuration
    case is CancellationError: .cancelled
    case let error as PostgresError where error.consequence == .retry: .unavailable
    case let error as AMQPError where error.isRetryable: .unavailable
    case SweepError.broker(let error) where error.isRetryable: .unavailable
    case SweepError.database(let error) where error.consequence == .retry: .unavailable
    default: .failed
    }
  }

  private static func put(_ text: String, _ descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      bytes = bytes.dropFirst(max(count, 0))
    }
  }
}

internal import Arguments
internal import Glibc

/// Work whose speed is compared with peers: a subcommand each, one line of JSON each run.
@main
struct Benchmark {
  private static let program = Program<Void>(
    "Benchmark", version: "1", summary: "measure parts of Reelmill beside their peers",
    commands: [
      .command(EmbedCommand()), .command(HopCommand()), .command(PipelineCommand()), .command(PublishCommand()),
      .command(ScaleCommand()), .command(SearchCommand()),
    ])

  static func main() async {
    do {
      switch try program.parse(Array(CommandLine.arguments.dropFirst())) {
      case .help(let path): print(program.help(for: path, width: 100))
      case .version: print(program.version)
      case .run(let command, let arguments): try await command.run(arguments, in: ())
      }
    } catch let error as UsageError {
      complain(error)
      exit(error.exitCode.rawValue)
    } catch {
      complain(error)
      exit(ExitCode.failed.rawValue)
    }
  }

  private static func complain(_ error: any Error) {
    let text = "Benchmark: \(error)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
  }
}

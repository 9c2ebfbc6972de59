internal import AMQP
internal import Arguments
internal import Configuration
internal import EmbeddedServices
internal import FoundationEssentials
internal import JSON
internal import Operations
internal import PostgreSQL
internal import Subprocess
internal import TerminalOutput

/// `reelmill doctor`
struct DoctorCommand: Arguments.Command {
  let declaration = CommandDeclaration(
    "doctor", summary: "examine all that can be wrong, and say how to mend it",
    discussion: "It changes nothing. Exits with 1 if something will not work.")

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let diagnosis = await Doctor(try subject(context)).examine()
    if context.wantsJSON {
      context.print(diagnosis.json)
    } else {
      for check in diagnosis.checks {
        context.print("\(mark(check.verdict, context.output))  \(check.subject): \(check.found)")
        if let fix = check.fix { context.print("      fix: \(fix)") }
      }
    }
    guard diagnosis.verdict < .fail else { throw CommandFailure(.failed, "something will not work; see above") }
  }

  private func subject(_ context: CommandContext) throws -> Doctor.Subject {
    let settings = context.settings
    let places = Places(settings)
    var subject = Doctor.Subject(host: ProcessInfo.processInfo.hostName)
    let endpoints = EmbeddedServices.runningEndpoints(in: places.folder)
    if let url = settings[ReelmillSettings.databaseURL] ?? endpoints?.databaseURL {
      subject.database = try PostgresConfiguration(url: url)
    }
    if let url = settings[ReelmillSettings.amqpURL] ?? endpoints?.amqpURL { subject.brokerURL = try AMQPURL(url) }
    subject.stages = StageCatalog.declarations(settings)
    subject.sandbox = StageCatalog.sandboxMode(settings)
    subject.blobFolder = places.blobs
    subject.modelFolder = places.model
    return subject
  }

  private func mark(_ verdict: Check.Verdict, _ terminal: Terminal) -> String {
    switch verdict {
    case .pass: terminal.styled("pass", .green)
    case .skip: terminal.styled("skip", .dim)
    case .warn: terminal.styled("warn", .yellow)
    case .fail: terminal.styled("FAIL", .red)
    }
  }
}

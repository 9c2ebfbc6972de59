internal import Arguments
internal import Blobs
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill dlq show`
struct ShowDeadLetterCommand: Command {
  let declaration = CommandDeclaration(
    "show", summary: "show a dead letter: message, reason, attempts, media, what people did to it",
    arguments: [DeadLetterArgument.id])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let id = try DeadLetterArgument.id(arguments[DeadLetterArgument.id])
    try await OpenLibrary.with(context) { library in
      let report = try await DeadLetters(try library.operations).show(id)
      guard !context.wantsJSON else { return context.print(report.json) }
      let sections = [
        Self.head(report, context.output), Self.message(report), Self.media(report, library),
        report.detail.map { "detail:\n\($0.printable(limit: 8000))" }, Self.attempts(report), Self.changes(report),
      ]
      context.print(sections.compactMap(\.self).joined(separator: "\n"))
    }
  }

  private static func head(_ report: DeadLetterReport, _ terminal: Terminal) -> String {
    let summary = report.summary
    return """
      \(terminal.styled(summary.error.printable(limit: 2000), .bold))
        code: \(summary.errorCode)  group: \(summary.group.printable(limit: 400))
        state: \(summary.state.rawValue)  stage: \(summary.stage ?? "–")  queue: \(summary.queue)  \
      attempts: \(summary.attempts)
        at: \(summary.at.rfc3339)  by: \(report.build)
        routing key: \(summary.routingKey.printable(limit: 400))
        headers: \(report.headers.canonicalText.printable(limit: 2000))
      """
  }

  private static func message(_ report: DeadLetterReport) -> String {
    switch report.body {
    case .message(let message): "  message: \(String(decoding: message.body, as: UTF8.self).printable(limit: 4000))"
    case .document(let document, let problem):
      "  body: \(document.canonicalText.printable(limit: 4000))\n  problem: \(problem.printable(limit: 1000))"
    case .bytes(let bytes, let problem):
      """
        body: \(String(decoding: bytes.prefix(4000), as: UTF8.self).printable(limit: 4000))
        problem: \(problem.printable(limit: 1000))
      """
    }
  }

  private static func media(_ report: DeadLetterReport, _ library: OpenLibrary) -> String? {
    guard let asset = report.asset, let media = report.media else { return nil }
    var lines = ["asset: \(asset.asset.title.printable(limit: 200)) \(asset.asset.id) (\(media.mediaType.rawValue))"]
    if media.root != asset.asset.id {
      lines.append("  part of: \(media.rootTitle.printable(limit: 200)) \(media.root)")
    }
    if let span = media.span {
      let end = span.end > span.start ? " to \(Duration.milliseconds(span.end).shortText)" : ""
      lines.append("  time: \(Duration.milliseconds(span.start).shortText)\(end)")
    }
    if let content = media.content, let owner = BlobOwner(media.organisation) {
      lines.append("  content: \(library.blobs.path(of: BlobID(owner: owner, digest: content)))")
    }
    if let facts = asset.facts { lines.append("  facts: \(facts.canonicalText.printable(limit: 4000))") }
    return lines.joined(separator: "\n")
  }

  private static func attempts(_ report: DeadLetterReport) -> String? {
    guard !report.attempts.isEmpty else { return nil }
    let lines = report.attempts.map { attempt in
      let why = [attempt.errorCode, attempt.error].compactMap(\.self).joined(separator: ": ")
      return "  \(attempt.at.rfc3339) \(attempt.event) \(why.printable(limit: 1000))"
    }
    return "attempts:\n" + lines.joined(separator: "\n")
  }

  private static func changes(_ report: DeadLetterReport) -> String? {
    guard !report.changes.isEmpty else { return nil }
    let lines = report.changes.flatMap { change in
      ["  \(change.at.rfc3339) \(change.action.rawValue) by \(change.person): \(change.reason)".printable(limit: 1000)]
        + sides(change).map { "    \($0.printable(limit: 2000))" }
    }
    return "changes:\n" + lines.joined(separator: "\n")
  }

  private static func sides(_ change: DeadLetterChange) -> [String] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(1000), as: UTF8.self) }
    var lines: [String] = []
    if let before = change.before.headers { lines.append("headers before: \(before.canonicalText)") }
    if let after = change.after.headers { lines.append("headers after: \(after.canonicalText)") }
    if let before = change.before.body { lines.append("body before: \(text(before))") }
    if let after = change.after.body { lines.append("body after: \(text(after))") }
    return lines
  }
}

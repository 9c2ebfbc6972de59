internal import Arguments
internal import JSON
internal import Operations
internal import TerminalOutput
internal import Text

/// `reelmill show`
struct ShowCommand: Command {
  static let asset = Positional("asset", .text, help: AssetArgument.help)

  let declaration = CommandDeclaration(
    "show", summary: "show an asset: facts, artifacts, and where each stage stands and why", arguments: [Self.asset])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    try await OpenLibrary.with(context) { library in
      let id = try await AssetArgument.find(arguments[Self.asset], in: library, context)
      let report = try await AssetReport.read(id, from: try library.operations)
      guard !context.wantsJSON else { return context.print(report.json) }
      context.print(Self.card(report, context.output))
      context.print(Self.artifacts(report).rendered(for: context.output))
      context.print(Self.stages(report).rendered(for: context.output))
    }
  }

  private static func card(_ report: AssetReport, _ terminal: Terminal) -> String {
    let asset = report.asset
    let title = terminal.styled(asset.title.isEmpty ? "Untitled" : asset.title, .bold)
    var lines = [
      "\(title)", "  \(asset.id)  \(asset.mediaType.rawValue)  \(asset.lifecycle.rawValue)  revision \(asset.revision)",
    ]
    if let slug = asset.slug { lines.append("  slug: \(slug)") }
    if let name = asset.fileName { lines.append("  file: \(name.printable(limit: 200))") }
    if !asset.tags.isEmpty { lines.append("  tags: \(asset.tags.joined(separator: ", "))") }
    if !asset.labels.isEmpty { lines.append("  labels: \(asset.labels.joined(separator: ", "))") }
    if let facts = report.facts { lines.append("  facts: \(facts.canonicalText)") }
    if report.childCount > 0 { lines.append("  parts: \(report.childCount)") }
    for pin in report.pins { lines.append("  pinned by hand: \(pin.kind)") }
    if let progress = report.progress { lines.append("  \(Int((progress * 100).rounded())) % settled") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func artifacts(_ report: AssetReport) -> Table {
    var table = Table([
      .init("ARTIFACT"), .init("MADE"), .init("SIZE", .right), .init("FINGERPRINT"), .init("", narrowest: 10),
    ])
    for artifact in report.given + report.artifacts {
      table.append([
        artifact.kind.rawValue, artifact.madeAt.rfc3339, "\(artifact.blobSize ?? artifact.valueSize)",
        String(artifact.fingerprint.description.prefix(12)),
        artifact.emptyBecause.map { "empty: \($0)" } ?? (artifact.isGiven ? "given" : ""),
      ])
    }
    return table
  }

  private static func stages(_ report: AssetReport) -> Table {
    var table = Table([.init("STAGE"), .init("IS"), .init("BECAUSE", narrowest: 20)])
    for stage in report.stages {
      table.append([stage.name.rawValue, stage.condition.rawValue, stage.explanation], style: stage.condition.style)
    }
    return table
  }
}

extension StageCondition {
  /// How it stands out at a terminal.
  var style: Terminal.Style? {
    switch self {
    case .dead, .blocked: .red
    case .parked, .outdated, .stale: .yellow
    case .running: .blue
    case .notApplicable, .waiting: .dim
    case .upToDate: nil
    }
  }
}

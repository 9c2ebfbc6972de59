internal import Configuration
internal import Engine
internal import Media
internal import Observability
internal import Pipeline
internal import PostgreSQL
internal import Providers
internal import Search
internal import Stages
internal import Subprocess

/// Reelmill's pipeline: every stage, with what it works with.
struct StageCatalog: Sendable {
  /// What is known of the stages without their tools.
  static let declarations: [StageDeclaration] = [
    InspectStage.declaration(), CaptionsStage.declaration(), KeyFramesStage.declaration(), AudioStage.declaration(),
    TranscribeStage.declaration(), LabelStage.declaration(), PassagesStage().declaration,
    EmbedStage.declaration(), IndexStage().declaration,
  ]

  static var definitions: [StageDefinition] { declarations.map(\.definition) }

  let stages: [any Stage]
  let projections: [any Projection<PostgresTransaction, PostgresError>]

  /// - Throws: ``CommandFailure`` when the machine cannot do what the settings demand.
  init(library: OpenLibrary, settings: ResolvedSettings, logger: Logger) async throws {
    let sandbox: Sandbox
    do { sandbox = try await Sandbox(mode: Self.sandboxMode(settings)) } catch {
      throw CommandFailure(.unavailable, "\(error); set REELMILL_SANDBOX=preferred to go on without")
    }
    if let reason = sandbox.unavailableReason {
      logger.warning("programs read foreign media without a sandbox", [.error: "\(reason)"])
    }
    let tools: MediaTools
    do { tools = try MediaTools(sandbox: sandbox) } catch { throw CommandFailure(.unavailable, "\(error)") }
    let embedding = MiniLMEmbedding(folder: library.places.model)
    stages = [
      InspectStage(tools: tools),
      CaptionsStage(tools: tools),
      KeyFramesStage(tools: tools),
      AudioStage(tools: tools),
      TranscribeStage(tools: tools, speech: PocketsphinxSpeech(sandbox: sandbox)),
      LabelStage(tools: tools, text: TesseractRecognizer(sandbox: sandbox)),
      PassagesStage(),
      EmbedStage(provider: embedding, store: EmbeddingStore(database: library.client)),
      IndexStage(),
    ]
    projections = [SearchProjection()]
  }

  static func sandboxMode(_ settings: ResolvedSettings) -> SandboxMode {
    switch settings[ReelmillSettings.sandbox] {
    case "required": .required
    case "off": .off
    default: .preferred
    }
  }

  /// A stage's name, `dispatch` included.
  ///
  /// - Throws: ``CommandFailure`` if it is none.
  static func name(_ text: String) throws(CommandFailure) -> StageName {
    guard let name = try names([text]).first else { throw CommandFailure(.usage, "expected the name of a stage") }
    return name
  }

  /// The stages of these names, `dispatch` included.
  ///
  /// - Throws: ``CommandFailure`` naming what is no stage.
  static func names(_ texts: [String]) throws(CommandFailure) -> Set<StageName> {
    let known = Set(declarations.map(\.name) + [.dispatch])
    var names: Set<StageName> = []
    for text in texts {
      guard let name = StageName(rawValue: text), known.contains(name) else {
        let list = known.sorted().map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "there is no stage `\(text)`; there are \(list)")
      }
      names.insert(name)
    }
    return names
  }
}

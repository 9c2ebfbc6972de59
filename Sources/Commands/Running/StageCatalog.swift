internal import Configuration
internal import Engine
internal import HTTPClient
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
  /// What is known of the stages without their tools, where the settings say nothing.
  static let embedded = declarations(
    speech: TranscribeStage.embeddedProvider, text: LabelStage.embeddedRecognizer)

  /// What is known of the stages without their tools, as the settings want them.
  static func declarations(_ settings: ResolvedSettings) -> [StageDeclaration] {
    declarations(
      speech: ReelmillSettings.speech.serverName(settings) ?? TranscribeStage.embeddedProvider,
      text: ReelmillSettings.text.serverName(settings) ?? LabelStage.embeddedRecognizer
    ).map { $0.with(policy: policy(of: $0, settings)) }
  }

  private static func declarations(speech: String, text: String) -> [StageDeclaration] {
    [
      InspectStage.declaration(), CaptionsStage.declaration(), KeyFramesStage.declaration(), AudioStage.declaration(),
      TranscribeStage.declaration(speech: speech), LabelStage.declaration(text: text), PassagesStage().declaration,
      EmbedStage.declaration(), IndexStage().declaration,
    ]
  }

  private static func policy(of stage: StageDeclaration, _ settings: ResolvedSettings) -> StagePolicy {
    ReelmillSettings.stages.first { $0.0 == stage.name }?.1.policy(settings, for: stage) ?? stage.policy
  }

  /// What is agreed with providers, by the names that charges know them by.
  static func terms(_ settings: ResolvedSettings) -> [String: ProviderTerms] {
    [
      ReelmillSettings.speech.serverName(settings) ?? TranscribeStage.embeddedProvider:
        ReelmillSettings.speech.terms(settings),
      ReelmillSettings.text.serverName(settings) ?? LabelStage.embeddedRecognizer:
        ReelmillSettings.text.terms(settings),
    ]
  }

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
    let client = HTTPClient()
    let speech: any SpeechProvider =
      if let server = try ReelmillSettings.speech.server(settings, client: client) {
        OpenAISpeech(server)
      } else {
        PocketsphinxSpeech(sandbox: sandbox)
      }
    let text: any TextRecognizer =
      if let server = try ReelmillSettings.text.server(settings, client: client) {
        OpenAIText(server)
      } else {
        TesseractRecognizer(sandbox: sandbox)
      }
    let stages: [any Stage] = [
      InspectStage(tools: tools),
      CaptionsStage(tools: tools),
      KeyFramesStage(tools: tools),
      AudioStage(tools: tools),
      TranscribeStage(tools: tools, speech: speech),
      LabelStage(tools: tools, text: text),
      PassagesStage(),
      EmbedStage(provider: embedding, store: EmbeddingStore(database: library.client)),
      IndexStage(),
    ]
    self.stages = stages.map { ConfiguredStage($0, policy: Self.policy(of: $0.declaration, settings)) }
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
    let known = Set(embedded.map(\.name) + [.dispatch])
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

internal import Configuration
internal import Engine
internal import HTTPClient
internal import Providers

/// The settings of one provider: who does the work, where, and what is agreed with it.
struct ProviderSettings: Sendable {
  /// The program of this machine that does the work unless something else is said.
  private let embedded: String
  private let section: String
  let kind: Setting<String>
  let url: Setting<String?>
  let model: Setting<String>
  let key: Setting<String?>
  let deadline: Setting<Duration>
  let perMinute: Setting<Int>
  let inFlight: Setting<Int>
  let price: Setting<Double?>

  /// - Parameters:
  ///   - role: the last part of the settings' names.
  ///   - work: what it does, for the documentation.
  ///   - unit: what a charge counts.
  init(_ role: String, work: String, embedded: String, model: String, unit: String, deadline: Duration) {
    let section = "providers.\(role)"
    let prefix = "REELMILL_PROVIDERS_\(role.uppercased())"
    self.embedded = embedded
    self.section = section
    kind = Setting(
      "\(section).kind", environment: "\(prefix)_KIND", .choice(of: [embedded, "openai"]), default: embedded,
      help: "Who \(work): \(embedded) on this machine, or any server that answers as OpenAI's does.")
    url = Setting(
      optional: "\(section).url", environment: "\(prefix)_URL", .url(schemes: ["http", "https"]),
      secrecy: .passwordInURL, help: "Where the server's interface begins, such as `https://provider.example/v1`.")
    self.model = Setting(
      "\(section).model", environment: "\(prefix)_MODEL", .text, default: model,
      help: "The server's model. Another one is another definition: what was made before is outdated.")
    key = Setting(
      optional: "\(section).key", environment: "\(prefix)_KEY", .text, secrecy: .secret,
      help: "Sent to the server as a bearer token.")
    self.deadline = Setting(
      "\(section).deadline", environment: "\(prefix)_DEADLINE", .duration(.seconds(1) ... .seconds(900)),
      default: deadline, help: "How long one request to the server may take.")
    perMinute = Setting(
      "\(section).per_minute", environment: "\(prefix)_PER_MINUTE", .integer(0...1_000_000), default: 0,
      help: "Calls that may begin within any minute, of all workers together; 0 for any number.")
    inFlight = Setting(
      "\(section).in_flight", environment: "\(prefix)_IN_FLIGHT", .integer(0...1_000_000), default: 0,
      help: "Calls at a time, of all workers together; 0 for any number.")
    price = Setting(
      optional: "\(section).price", environment: "\(prefix)_PRICE", .decimal(0...),
      help: "What a \(unit) costs, in your currency; `reelmill costs` adds it up.")
  }

  var all: [any SettingKey] { [kind, url, model, key, deadline, perMinute, inFlight, price] }

  /// The name by which definitions and charges know the provider, if it is no program of this machine.
  func serverName(_ settings: ResolvedSettings) -> String? {
    settings[kind] == embedded ? nil : OpenAIEndpoint.name(ofModel: settings[model])
  }

  /// The server, if it is no program of this machine.
  ///
  /// - Throws: ``CommandFailure`` if its address is missing.
  func server(_ settings: ResolvedSettings, client: HTTPClient) throws(CommandFailure) -> OpenAIEndpoint? {
    guard settings[kind] != embedded else { return nil }
    guard let url = settings[url] else {
      throw CommandFailure(
        .configuration,
        "\(section).kind is `\(settings[kind])`, but \(section).url is not set: set it to where the server's interface "
          + "begins, such as https://provider.example/v1")
    }
    return OpenAIEndpoint(
      url: url, model: settings[model], key: settings[key], deadline: settings[deadline], client: client)
  }

  /// What is agreed with the provider.
  func terms(_ settings: ResolvedSettings) -> ProviderTerms {
    ProviderTerms(
      perMinute: settings[perMinute] > 0 ? settings[perMinute] : nil,
      inFlight: settings[inFlight] > 0 ? settings[inFlight] : nil, price: settings[price])
  }
}

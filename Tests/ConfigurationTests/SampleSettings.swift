import Configuration
import Text

/// Settings of every kind.
enum Sample {
  static let broker = Setting(
    "amqp.url", environment: "REELMILL_AMQP_URL", .url(schemes: ["amqp", "amqps"]),
    default: "amqp://guest:guest@127.0.0.1/", secrecy: .passwordInURL, help: "The broker.")
  static let prefetch = Setting(
    "amqp.prefetch", environment: "REELMILL_AMQP_PREFETCH", .integer(1...1000), default: 256,
    help: "Messages taken ahead.")
  static let deadline = Setting(
    "worker.deadline", environment: "REELMILL_WORKER_DEADLINE", .duration(.seconds(1) ... .seconds(3600)),
    default: .seconds(300), help: "The longest | run.")
  static let isPatient = Setting(
    "worker.patient", environment: "REELMILL_WORKER_PATIENT", .boolean, default: false, help: "Whether it waits.")
  static let languages = Setting(
    "worker.languages", environment: "REELMILL_WORKER_LANGUAGES", .list(of: .text), default: [], help: "Languages.")
  static let apiKey = Setting(
    optional: "speech.api_key", environment: "REELMILL_SPEECH_API_KEY", .text, secrecy: .secret,
    help: "The provider's key.")

  static let list = SettingList(
    environmentPrefix: "REELMILL_", [broker, prefetch, deadline, isPatient, languages, apiKey])
}

func file(_ text: String) throws -> ProjectFile { try ProjectFile(path: "reelmill.toml", text: text) }

package import Configuration
internal import Engine
internal import Text

/// Every setting of Reelmill.
package enum ReelmillSettings {
  package static let folder = Setting(
    "folder", environment: "REELMILL_FOLDER", .folder, default: ".reelmill",
    help: "Where the embedded services, blobs, models and temporary files live.")
  package static let amqpURL = Setting(
    optional: "amqp.url", environment: "REELMILL_AMQP_URL", .url(schemes: ["amqp", "amqps"]), secrecy: .passwordInURL,
    help: "The broker. Without it the embedded one is used.")
  package static let databaseURL = Setting(
    optional: "database.url", environment: "REELMILL_DATABASE_URL", .url(schemes: ["postgresql", "postgres"]),
    secrecy: .passwordInURL, help: "PostgreSQL 15 or later with pgvector. Without it the embedded one is used.")
  package static let databasePooler = Setting(
    "database.pooler", environment: "REELMILL_DATABASE_POOLER", .boolean, default: false,
    help: "Whether a pooler in transaction mode (PgBouncer) stands before the database.")
  package static let brokerMetricsURL = Setting(
    optional: "amqp.metrics_url", environment: "REELMILL_AMQP_METRICS_URL", .url(schemes: ["http", "https"]),
    help: "RabbitMQ's rabbitmq_prometheus endpoint, for counts of unacknowledged messages.")
  package static let blobFolder = Setting(
    optional: "blobs.folder", environment: "REELMILL_BLOBS_FOLDER", .folder,
    help: "Where content is kept; `blobs` in the folder when not set.")
  package static let modelFolder = Setting(
    optional: "model.folder", environment: "REELMILL_MODEL_FOLDER", .folder,
    help: "The embedding model; `models/all-MiniLM-L6-v2` in the folder when not set.")
  package static let postgresqlFolder = Setting(
    optional: "database.programs", environment: "REELMILL_DATABASE_PROGRAMS", .folder,
    help: "The embedded PostgreSQL's programs; `postgresql-18` in the folder when not set.")
  package static let organisation = Setting(
    "organisation", environment: "REELMILL_ORGANISATION", .text, default: "default",
    help: "The organisation that assets are taken in and searched for.")
  package static let owner = Setting(
    "owner", environment: "REELMILL_OWNER", .text, default: "local", help: "Who takes assets in and edits them.")
  package static let heavyRuns = Setting(
    "work.heavy_runs", environment: "REELMILL_WORK_HEAVY_RUNS", .integer(0...1024), default: 0,
    help: "Processor-heavy runs at a time in one process; 0 means one a core.")
  package static let grace = Setting(
    "work.grace", environment: "REELMILL_WORK_GRACE", .duration, default: .seconds(30),
    help: "How long running work may go on after a stop was asked for.")
  package static let patience = Setting(
    "work.patience", environment: "REELMILL_WORK_PATIENCE", .duration, default: .seconds(60),
    help: "How long a message may come before the asset that it names.")
  package static let keptDeletedAssets = Setting(
    "retention.deleted_assets", environment: "REELMILL_RETENTION_DELETED_ASSETS", keeping, default: .days(7),
    help: "How long a deleted asset can be restored.")
  package static let keptHistory = Setting(
    "retention.history", environment: "REELMILL_RETENTION_HISTORY", keeping, default: .days(365),
    help: "How long is known what happened to an asset; by whole months.")
  package static let keptCharges = Setting(
    "retention.charges", environment: "REELMILL_RETENTION_CHARGES", keeping, default: .days(730),
    help: "How long is known what calls to providers cost; by whole months.")
  package static let keptReplays = Setting(
    "retention.replays", environment: "REELMILL_RETENTION_REPLAYS", keeping, default: .days(90),
    help: "How long replays that have ended can be looked at.")
  package static let metricsAddress = Setting(
    optional: "metrics.address", environment: "REELMILL_METRICS_ADDRESS", .text,
    help: """
      Where a worker serves its metrics, such as 0.0.0.0:9464, or `off`; 127.0.0.1:9464 when not set, or a free port \
      there if that one is taken.
      """)
  package static let tracesEndpoint = Setting(
    optional: "traces.endpoint", environment: "OTEL_EXPORTER_OTLP_ENDPOINT", .url(schemes: ["http", "https"]),
    secrecy: .passwordInURL,
    help: "Where traces are sent, without `/v1/traces`: a collector that takes OTLP over HTTP. None when not set.")
  package static let tracesHeaders = Setting(
    optional: "traces.headers", environment: "OTEL_EXPORTER_OTLP_HEADERS", .text, secrecy: .secret,
    help: "What the collector wants to see: key=value,key2=value2 with percent-encoded values.")
  package static let tracesService = Setting(
    "traces.service", environment: "OTEL_SERVICE_NAME", .text, default: "reelmill",
    help: "The name of the service in traces.")
  package static let sandbox = Setting(
    "sandbox", environment: "REELMILL_SANDBOX", .choice(of: ["required", "preferred", "off"]), default: "preferred",
    help: "Whether programs that read foreign media run in bubblewrap.")
  static let speech = ProviderSettings(
    "speech", work: "turns speech into text", embedded: "pocketsphinx", model: "whisper-1", unit: "second",
    deadline: .seconds(300))
  static let text = ProviderSettings(
    "text", work: "reads text on pictures", embedded: "tesseract", model: "gpt-4o-mini", unit: "picture",
    deadline: .seconds(120))
  static let stages = StageCatalog.embedded.map { ($0.name, StageSettings($0)) }
  package static let logLevel = Setting(
    "log.level", environment: "REELMILL_LOG_LEVEL", .choice(of: ["trace", "debug", "info", "warning", "error"]),
    default: "info", help: "The least important log lines that are written.")

  private static let keeping = ValueFormat.duration(.days(1)...(.days(36_500)))

  /// In the order in which they are documented.
  package static let all = SettingList(
    environmentPrefix: "REELMILL_",
    ([
      folder, amqpURL, brokerMetricsURL, databaseURL, databasePooler, postgresqlFolder, blobFolder, modelFolder,
      organisation, owner, heavyRuns, grace, patience, keptDeletedAssets, keptHistory, keptCharges, keptReplays,
      metricsAddress, tracesEndpoint, tracesHeaders, tracesService, sandbox, logLevel,
    ] as [any SettingKey]) + speech.all + text.all + stages.flatMap(\.1.all))
}

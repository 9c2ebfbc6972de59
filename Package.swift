// swift-tools-version: 6.2
import PackageDescription

// The house, ground floor first: a target imports only from floors below it.
// CONTRIBUTING.md describes what lives where.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A C library found by pkg-config; `package` is the Debian package that brings it.
func cLibrary(_ name: String, pkgConfig: String?, package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// For loops of arithmetic: optimised in debug builds too, where they would be ten times slower.
let arithmetic = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func floor(
  _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, resources: resources,
    swiftSettings: settings)
}

let package = Package(
  name: "reelmill",
  targets: [
    // 0 · C libraries
    cLibrary("CEventLoop", pkgConfig: nil, package: "libc6-dev"),
    cLibrary("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
    cLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    cLibrary("CBLAS", pkgConfig: "openblas", package: "libopenblas-dev"),
    cLibrary("CMagic", pkgConfig: "libmagic", package: "libmagic-dev"),
    cLibrary("CMicroHTTPD", pkgConfig: "libmicrohttpd", package: "libmicrohttpd-dev"),
    cLibrary("CPostgreSQL", pkgConfig: "libpq", package: "libpq-dev"),
    cLibrary("CRabbitMQ", pkgConfig: "librabbitmq", package: "librabbitmq-dev"),
    cLibrary("CSSL", pkgConfig: "libssl", package: "libssl-dev"),
    .target(name: "CSubprocess"),

    // 0 · text as people write and read it
    floor("Text"),

    // 1 · ground
    floor("Arguments", ["Text"]),
    floor("Concurrency", ["CEventLoop"]),
    floor("Configuration", ["Text"]),
    floor("HTTPFields"),
    floor("Hashing", ["CCrypto"]),
    floor("Identifiers"),
    floor("JSON"),
    floor("Observability", ["Text"]),
    floor("TerminalOutput", ["Text"]),

    // 2 · clients and a model, of use beyond Reelmill
    floor("AMQP", ["Concurrency", "CRabbitMQ", "CSSL"]),
    floor("Blobs", ["Concurrency", "Hashing"]),
    floor("HTTPClient", ["CCurl", "Concurrency", "HTTPFields"]),
    floor("HTTPServer", ["CMicroHTTPD", "Concurrency", "HTTPFields"]),
    floor("MiniLM", ["CBLAS", "Concurrency", "JSON"], settings: arithmetic),
    floor("PostgreSQL", ["Concurrency", "CPostgreSQL", "Identifiers"]),
    floor("Subprocess", ["CSubprocess", "Concurrency"]),

    // 3 · the heart, pure
    floor("Documents"),
    floor("Pipeline", ["Hashing", "Identifiers", "JSON"]),
    floor("TraceExport", ["Concurrency", "HTTPClient", "HTTPFields", "JSON", "Observability"]),

    // 4 · what the stages stand on
    floor("Media", ["CMagic", "Concurrency", "JSON", "Subprocess"]),
    floor("Providers", ["Concurrency", "HTTPClient", "HTTPFields", "JSON", "MiniLM", "Pipeline", "Subprocess"]),
    floor("Search", ["Hashing", "Identifiers", "JSON", "Pipeline", "PostgreSQL"]),

    // 5 · the heart's hands
    .target(
      name: "DatabaseSchema", path: "schemas/database",
      resources: [
        .embedInCode("m0001_pipeline.sql"), .embedInCode("m0002_search.sql"),
        .embedInCode("m0003_lookups.sql"), .embedInCode("m0004_failures.sql"), .embedInCode("m0005_replay.sql"),
        .embedInCode("m0006_dead_letters.sql"), .embedInCode("m0008_maintenance.sql"),
        .embedInCode("m0009_search.sql"), .embedInCode("m0010_traces.sql"),
      ], swiftSettings: settings),
    floor(
      "Engine",
      [
        "AMQP", "Blobs", "Concurrency", "DatabaseSchema", "Hashing", "Identifiers", "JSON", "Observability", "Pipeline",
        "PostgreSQL",
      ]),

    // 6 · what stages do, and what people ask and order
    floor(
      "Operations",
      [
        "AMQP", "Blobs", "Concurrency", "DatabaseSchema", "Engine", "Hashing", "HTTPClient", "Identifiers", "JSON",
        "MiniLM", "Pipeline", "PostgreSQL", "Subprocess", "Text",
      ]),
    floor("Samples", ["Concurrency", "Subprocess"]),
    floor(
      "Stages",
      ["Concurrency", "Documents", "Hashing", "JSON", "Media", "Pipeline", "PostgreSQL", "Providers", "Search"]),

    // 8 · the whole
    floor("EmbeddedServices", ["CSubprocess", "Concurrency"]),
    floor(
      "Commands",
      [
        "AMQP", "Arguments", "Blobs", "Concurrency", "Configuration", "Documents", "EmbeddedServices", "Engine",
        "HTTPClient", "HTTPServer", "Identifiers", "JSON", "Media", "Observability", "Operations", "Pipeline",
        "PostgreSQL", "Providers", "Samples", "Search", "Stages", "Subprocess", "TerminalOutput", "Text", "TraceExport",
      ]),
    .executableTarget(name: "reelmill", dependencies: ["Commands"], swiftSettings: settings),

    // tests
    .target(
      name: "TestSupport", dependencies: ["Concurrency", "PostgreSQL"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .executableTarget(
      name: "TestServices", dependencies: ["Concurrency", "EmbeddedServices"], path: "Tests/TestServices",
      swiftSettings: settings),
    .executableTarget(
      name: "Benchmark",
      dependencies: [
        "AMQP", "Arguments", "Blobs", "Concurrency", "Engine", "Identifiers", "JSON", "MiniLM", "Observability",
        "Operations", "Pipeline", "PostgreSQL", "Search", "Text",
      ],
      path: "Tests/Benchmark", swiftSettings: settings),
    .executableTarget(
      name: "FaultWorker",
      dependencies: [
        "AMQP", "Blobs", "Concurrency", "Engine", "JSON", "Observability", "Operations", "Pipeline", "PostgreSQL",
      ],
      path: "Tests/FaultWorker", swiftSettings: settings),
    tests(of: "AMQP", ["Concurrency", "CSSL", "TestSupport"]),
    tests(of: "Arguments", ["TestSupport", "Text"]),
    tests(of: "Blobs", ["Concurrency", "Hashing", "Subprocess", "TestSupport"]),
    tests(
      of: "Commands",
      [
        "AMQP", "Arguments", "Concurrency", "Configuration", "HTTPClient", "HTTPServer", "JSON", "Operations",
        "Pipeline", "PostgreSQL", "Subprocess", "TerminalOutput", "TestSupport", "reelmill",
      ]),
    tests(of: "Concurrency", ["TestSupport"]),
    tests(of: "Configuration", ["TestSupport", "Text"]),
    tests(of: "Documents", ["TestSupport"], resources: [.embedInCode("Fixtures")]),
    tests(of: "EmbeddedServices", ["Concurrency", "PostgreSQL", "TestServices", "TestSupport"]),
    tests(
      of: "Engine",
      [
        "AMQP", "Blobs", "Concurrency", "DatabaseSchema", "Hashing", "Identifiers", "JSON", "Observability", "Pipeline",
        "FaultWorker", "Operations", "PostgreSQL", "Subprocess", "TestSupport",
      ]),
    .testTarget(
      name: "FaultTests",
      dependencies: [
        "AMQP", "Blobs", "Concurrency", "EmbeddedServices", "Engine", "FaultWorker", "Hashing", "Observability",
        "Pipeline", "PostgreSQL", "Subprocess", "TestSupport",
      ], swiftSettings: settings),
    tests(of: "HTTPClient", ["HTTPFields", "TestSupport"]),
    tests(of: "HTTPServer", ["Concurrency", "HTTPFields", "Subprocess", "TestSupport"]),
    tests(of: "Hashing", ["TestSupport"]),
    tests(of: "Identifiers"),
    tests(of: "JSON"),
    tests(of: "Media", ["Samples", "Subprocess", "TestSupport"]),
    tests(of: "MiniLM", ["JSON", "TestSupport"], exclude: ["Goldens"]),
    tests(of: "Observability", ["JSON", "TestSupport"]),
    tests(
      of: "Operations",
      [
        "AMQP", "Blobs", "Concurrency", "Engine", "Hashing", "HTTPClient", "Identifiers", "JSON", "Pipeline",
        "PostgreSQL",
        "TestSupport",
      ]),
    tests(of: "Pipeline", ["Hashing", "Identifiers", "JSON", "TestSupport"]),
    tests(of: "PostgreSQL", ["Concurrency", "Identifiers", "TestSupport"]),
    tests(of: "Providers", ["HTTPClient", "JSON", "MiniLM", "Pipeline", "Samples", "Subprocess", "TestSupport"]),
    tests(
      of: "Search",
      [
        "Concurrency", "Engine", "Hashing", "Identifiers", "JSON", "MiniLM", "Pipeline", "PostgreSQL", "TestSupport",
      ]),
    tests(
      of: "Stages",
      [
        "Concurrency", "Documents", "Engine", "Hashing", "HTTPClient", "JSON", "Media", "Pipeline", "PostgreSQL",
        "Providers",
        "Samples", "Search", "Subprocess", "TestSupport",
      ]),
    tests(of: "Subprocess", ["TestSupport"]),
    tests(of: "TerminalOutput", ["TestSupport", "Text"]),
    tests(of: "TestSupport"),
    tests(of: "Text", ["TestSupport"]),
    tests(
      of: "TraceExport", ["Concurrency", "HTTPFields", "HTTPServer", "JSON", "Observability", "TestSupport"]),
  ]
)

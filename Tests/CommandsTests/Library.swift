import AMQP
import Concurrency
import FoundationEssentials
import JSON
import PostgreSQL
import Subprocess
import TestSupport
import Testing

/// A broker, a migrated database and a folder of a test's own, and the program that works on them.
struct Library: Sendable {
  let reelmill: Reelmill
  let brokerURL: String
  let databaseURL: String
  var folder: String { reelmill.folder }

  static func with<Result>(_ body: (Library) async throws -> Result) async throws -> Result {
    try await withBroker { broker in
      try await withDatabase { database in
        try await withFolder { folder in
          let reelmill = try Reelmill(
            folder: folder, settings: ["REELMILL_AMQP_URL": broker, "REELMILL_DATABASE_URL": database])
          try await reelmill.succeeds("migrate")
          return try await body(Library(reelmill: reelmill, brokerURL: broker, databaseURL: database))
        }
      }
    }
  }

  /// Runs `reelmill work` while the body runs.
  func working<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await working { _ in try await body() }
  }

  /// Runs `reelmill work` while the body runs, which is told the address of its metrics.
  func working<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let log = "\(folder)/work.log"
    var command = try reelmill.command(["work"], deadline: nil)
    command.environment["REELMILL_WORK_PATIENCE"] = "1s"
    command.environment["REELMILL_METRICS_ADDRESS"] = "127.0.0.1:0"
    command.standardError = .file(path: log)
    return try await command.withRunning { worker in
      try await eventually("the worker works", within: .seconds(60)) {
        guard await worker.processIdentifier != nil else {
          throw Unexpected("the worker ended: \(text(of: log))")
        }
        return text(of: log).contains("working; stop with Ctrl-C")
      }
      let said = text(of: log).split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
      let metrics = try #require(said.first { $0["message"] == "serving metrics" }?["address"]?.string)
      let result = await Result { try await body(metrics) }
      // What fails because the worker died tells less than why it died.
      guard await worker.processIdentifier != nil else {
        throw Unexpected("the worker \(await worker.outcome().termination): \(text(of: log).suffix(4000))")
      }
      return try result.get()
    }
  }

  /// Writes a file into the folder.
  ///
  /// - Returns: its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, bytes: Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    let path = "\(folder)/\(name)"
    let parent = URL(filePath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// Takes one file in.
  ///
  /// - Returns: the id of the asset.
  func ingest(_ path: String, _ options: String...) async throws -> String {
    let command = try reelmill.command(["ingest", path, "--json"] + options, deadline: Reelmill.patience)
    let answer = try await Answer(command.run())
    guard answer.code == 0, let id = try answer.jsonLines.first?["assetId"]?.string else {
      throw Unexpected("\(path) was not taken in: \(answer.complaint)")
    }
    return id
  }

  /// Publishes a message as a foreign producer does.
  func publish(_ bodies: [[UInt8]], exchange: String = "reelmill.live", routingKey: String) async throws {
    let loop = EventLoop(name: "test-publisher")
    defer { loop.stop() }
    let connection = try await AMQPConnection.connect(to: try AMQPURL(brokerURL), on: loop)
    let outcomes = try await connection.publish(
      bodies.map {
        OutgoingMessage(
          exchange: exchange, routingKey: routingKey, properties: MessageProperties(contentType: "application/json"),
          body: $0)
      })
    await connection.close()
    guard outcomes.allSatisfy({ $0 == .confirmed }) else { throw Unexpected("not confirmed: \(outcomes)") }
  }

  func publish(_ body: String, routingKey: String) async throws {
    try await publish([Array(body.utf8)], routingKey: routingKey)
  }
}

/// What a file says; empty if it is not there.
func text(of path: String) -> String {
  String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

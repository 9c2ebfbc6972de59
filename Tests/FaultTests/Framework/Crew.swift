import FoundationEssentials

/// The workers of a scenario.
actor Crew {
  private let arguments: [String]
  private let folder: String
  private let environment: [String: String]
  private(set) var all: [Worker] = []
  /// Workers that lost their lease in the middle of work: killed, or away for longer than it lasts. Each may have paid
  /// a provider for one window that was not recorded.
  private(set) var losses = 0

  /// - Parameter arguments: broker, database, folder and settings of every worker.
  init(_ arguments: [String], folder: String, environment: [String: String]) {
    self.arguments = arguments
    self.folder = folder
    self.environment = environment
  }

  /// Starts a worker; returns when it works.
  ///
  /// - Parameters:
  ///   - settings: its own, beside those of all.
  ///   - waits: whether to wait until it works.
  @discardableResult
  func hire(
    _ settings: String..., environment: [String: String] = [:], waits: Bool = true
  ) async throws -> Worker {
    let worker = Worker(number: all.count + 1, folder: folder)
    all.append(worker)
    try await worker.start(
      arguments + settings, environment: self.environment.merging(environment) { $1 }, waits: waits)
    return worker
  }

  /// Those that have not ended.
  var living: [Worker] {
    get async {
      var living: [Worker] = []
      for worker in all where await !worker.hasEnded { living.append(worker) }
      return living
    }
  }

  /// Kills a worker by SIGKILL.
  func kill(_ worker: Worker) async {
    losses += 1
    await worker.kill()
  }

  /// Notes that a worker lost its lease otherwise.
  func noteLoss() { losses += 1 }

  /// Asks all to stop, and waits until they have.
  func stopAll() async {
    await withDiscardingTaskGroup { group in
      for worker in all { group.addTask { await worker.stop() } }
    }
  }

  func discardAll() async {
    for worker in all { await worker.discard() }
  }

  var complaints: [String] {
    get async {
      var complaints: [String] = []
      for worker in all { if let complaint = await worker.complaint { complaints.append(complaint) } }
      return complaints
    }
  }

  /// Whether a worker has written a text to its log.
  func said(_ text: String) -> Bool { all.contains { log(of: $0).contains(text) } }

  private func log(of worker: Worker) -> String {
    FileManager.default.contents(atPath: worker.logPath).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The ends of all logs, to read why a scenario failed.
  var logs: String {
    all.map { worker in
      let lines = log(of: worker).split(separator: "\n")
      // Where it crashed, from there; else the last lines.
      let crash = lines.firstIndex { $0.contains("crashed") }
      let shown = crash.map { lines[$0...].prefix(120) } ?? lines.suffix(15)
      return "— worker \(worker.number)\n" + shown.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

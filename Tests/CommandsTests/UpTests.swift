import Concurrency
import JSON
import Subprocess
import TestSupport
import Testing

/// Everything on one machine, with nothing configured.
@Suite struct UpTests {
  /// Backs up what nobody runs, and restores it where nothing ever ran: both start the services for themselves.
  private static func move(_ reelmill: Reelmill, to folder: String) async throws {
    let backup = "\(reelmill.folder)/backup"
    let written = try await reelmill.succeeds("backup", backup, "--json").json
    #expect(written["tables"]?["definition"]?.integer ?? 0 > 0)
    let restored = try await reelmill.with(["REELMILL_FOLDER": folder]).succeeds("restore", backup, "--json").json
    #expect(restored == written)
  }

  @Test func `up runs all there is, one at a time in a folder, and ends in order`() async throws {
    try await withFolder { folder in
      var reelmill = try Reelmill(folder: folder)
      reelmill.environment["REELMILL_DATABASE_PROGRAMS"] = "\(Reelmill.project)/.reelmill/postgresql-18"
      let log = "\(folder)/up.log"
      var command = try reelmill.command(["up"], deadline: .seconds(300))
      command.standardError = .file(path: log)
      try await command.withRunning { up in
        try await eventually("everything is up", within: .seconds(120)) {
          guard await up.processIdentifier != nil else { throw Unexpected("it ended: \(text(of: log))") }
          return text(of: log).contains("ready; stop with Ctrl-C")
        }
        let status = try await reelmill.succeeds("status", "--json").json
        #expect(status["workers"]?.array?.count == 1)
        let second = try await reelmill("up")
        #expect(second.code == 69 && second.complaint.contains(folder), "\(second.complaint)")
        #expect(try await reelmill("status").code == 0, "the first goes on")
        await up.send(.terminate)
        #expect(await up.outcome().termination == .exited(0))
        #expect(text(of: log).contains("stopping: finishing what runs"))
      }
      let after = try await reelmill("status")
      #expect(after.code == 69 && after.complaint.contains("Start `reelmill up`"))
      try await Self.move(reelmill, to: "\(folder)/other")
    }
  }
}

import JSON
import TestSupport
import Testing

/// A library that is backed up while it works, and restored in another place.
@Suite struct BackupTests {
  private static let texts = [
    "sun": "Renewable energy comes from the sun.", "wind": "Turbines turn where the wind is steady.",
    "tide": "The tide turns twice a day, and the turbines with it.",
  ]

  @Test func `a restored library gives the answers of the one that was backed up`() async throws {
    try await Library.with { library in
      let backup = "\(library.folder)/backup"
      for (name, text) in Self.texts { try library.write("texts/\(name).txt", text) }
      try await library.working {
        try await library.reelmill.succeeds("ingest", "texts", "--wait")
        let written = try await library.reelmill.with(["REELMILL_OWNER": "grace"])
          .succeeds("backup", backup, "--json").json
        #expect(written["contents"]?.integer ?? 0 >= 3)
        #expect(written["omittedSettings"] == ["amqp.url", "database.url"])
      }
      let settings = text(of: "\(backup)/reelmill.toml")
      #expect(settings.contains("owner = \"grace\"") && !settings.contains(library.databaseURL), "\(settings)")
      let again = try await library.reelmill("backup", backup)
      #expect(again.code == 64 && again.complaint.contains("is not empty"), "\(again.complaint)")
      try await Self.restore(backup, of: library)
    }
  }

  private static func restore(_ backup: String, of library: Library) async throws {
    try await withBroker { broker in
      try await withDatabase { database in
        try await withFolder { folder in
          let other = try Reelmill(
            folder: folder, settings: ["REELMILL_AMQP_URL": broker, "REELMILL_DATABASE_URL": database])
          let restored = try await other.succeeds("restore", backup)
          #expect(restored.output.contains("reelmill replay --lost"), "\(restored.output)")
          for question in ["renewable energy", "where turbines turn", "\"twice a day\""] {
            let found = try await answer(question, of: other)
            #expect(!found.isEmpty)
            #expect(try await found == answer(question, of: library.reelmill), "\(question)")
          }
          let (before, after) = try await (
            library.reelmill.succeeds("plan", "--json").json, other.succeeds("plan", "--json").json
          )
          #expect(before == after)
          let twice = try await other("restore", backup)
          #expect(twice.code == 1 && twice.complaint.contains("nothing is overwritten"), "\(twice.complaint)")
        }
      }
    }
  }

  private static func answer(_ question: String, of reelmill: Reelmill) async throws -> [JSON] {
    try await reelmill.succeeds("search", question, "--json").jsonLines
  }
}

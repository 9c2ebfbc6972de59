import JSON
import PostgreSQL
import TestSupport
import Testing

/// Pauses, costs and providers as a user sees them.
@Suite struct FailureCommandsTests {
  @Test func `a stage is paused and resumed, and status shows who did it and why`() async throws {
    try await Library.with { library in
      let reelmill = library.reelmill
      #expect(try await reelmill("pause", "transcribe").code == 64)
      let unknown = try await reelmill("pause", "transcibe", "--reason", "x")
      #expect(unknown.code == 64 && unknown.complaint.contains("transcribe"))
      try await reelmill.succeeds("pause", "transcribe", "--for", "2h", "--reason", "the provider moves")
      let pauses = try await reelmill.succeeds("status", "--json").json["pauses"]
      #expect(pauses?.array?.first?["stage"] == "transcribe")
      #expect(pauses?.array?.first?["owner"] == "local")
      let status = try await reelmill.succeeds("status").output
      #expect(status.contains("paused: transcribe until") && status.contains("the provider moves"))
      #expect(try await reelmill.succeeds("resume", "transcribe", "--json").json["wasPaused"] == true)
      #expect(try await reelmill.succeeds("resume", "transcribe").output == "transcribe was not paused\n")
      #expect(try await reelmill.succeeds("status", "--json").json["pauses"] == [])
    }
  }

  @Test func `costs are empty at first, and say so`() async throws {
    try await Library.with { library in
      let json = try await library.reelmill.succeeds("costs", "--since", "7d", "--by", "provider", "--json").json
      #expect(json["lines"] == [] && json["by"] == "provider" && json["cost"] == .null)
      #expect(try await library.reelmill.succeeds("costs").complaint.contains("no charges since"))
    }
  }

  @Test func `another provider is another definition, its address and key are not, and a key is never shown`()
    async throws
  {
    try await Library.with { library in
      let server = library.reelmill.with([
        "REELMILL_PROVIDERS_SPEECH_KIND": "openai", "REELMILL_PROVIDERS_SPEECH_KEY": "sk-secret",
      ])
      let incomplete = try await server("work")
      #expect(incomplete.code == 78 && incomplete.complaint.contains("providers.speech.url"))
      let config = try await server.succeeds("config")
      #expect(!config.output.contains("sk-secret") && config.output.contains("stages.transcribe.attempts"))
      let changed = try await server.succeeds("migrate", "--json").json["changedDefinitions"]
      #expect(changed == ["transcribe"])
      let moved = server.with([
        "REELMILL_PROVIDERS_SPEECH_URL": "http://127.0.0.1:1/v1", "REELMILL_PROVIDERS_SPEECH_KEY": "sk-other",
        "REELMILL_STAGES_TRANSCRIBE_ATTEMPTS": "9",
      ])
      #expect(try await moved.succeeds("migrate", "--json").json["changedDefinitions"] == [])
    }
  }
}

import Concurrency
import JSON
import PostgreSQL
import Synchronization
import TestSupport
import Testing

/// A worker whose speech provider is a server: down at first, then back.
@Suite struct ProviderServerTests {
  private static let answer = """
    {"text": "The lighthouse keeper sleeps.", "segments": [
      {"start": 0.1, "end": 1.5, "text": "The lighthouse keeper sleeps.", "avg_logprob": -0.2}]}
    """

  @Test func `an outage of the provider is waited out, and what it hears then is found and paid for once`()
    async throws
  {
    let isDown = Mutex(true)
    let paid = Mutex(0)
    let handle = answering { _, _ in
      if isDown.withLock({ $0 }) { return "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n" }
      paid.withLock { $0 += 1 }
      return ok(Self.answer)
    }
    try await withServer(handle) { url, _ in
      try await Library.with { plain in
        let library = Library(
          reelmill: plain.reelmill.with([
            "REELMILL_PROVIDERS_SPEECH_KIND": "openai", "REELMILL_PROVIDERS_SPEECH_URL": "\(url)/v1",
            "REELMILL_PROVIDERS_SPEECH_PRICE": "0.01", "REELMILL_PROVIDERS_SPEECH_IN_FLIGHT": "1",
          ]), brokerURL: plain.brokerURL, databaseURL: plain.databaseURL)
        try await library.reelmill.succeeds("migrate")
        try await library.reelmill.succeeds("samples", "samples")
        try await library.working {
          _ = try await library.ingest("samples/radio-note.mp3")
          try await eventually("the circuit is shown", within: .seconds(60)) {
            let circuits = try await library.reelmill.succeeds("status", "--json").json["circuits"]?.array ?? []
            return circuits.contains { $0["dependency"] == "openai/whisper-1" }
          }
          isDown.withLock { $0 = false }
          try await eventually("what was said is found", within: .seconds(90)) {
            try await library.reelmill.succeeds("search", "lighthouse", "--json").output.contains("lighthouse")
          }
        }
        #expect(paid.withLock { $0 } == 1)
        #expect(try await library.reelmill.succeeds("dlq", "list", "--json").json["letters"] == [])
        let costs = try await library.reelmill.succeeds("costs", "--by", "provider", "--json").json
        let line = costs["lines"]?.array?.first { $0["group"] == "openai/whisper-1" }
        #expect(line?["calls"] == 1 && line?["openCalls"] == 0)
        #expect((line?["cost"]?.double ?? 0) > 0)
      }
    }
  }
}

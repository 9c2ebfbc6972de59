import Pipeline
import Testing

@Suite struct CountWordsTests {
  @Test func `words are counted, and "none" is a result`() async throws {
    try await EngineHarness.with([CountWords()]) { harness in
      try await harness.working {
        let ids = [
          try await harness.add("three", content: "one two\nthree"), try await harness.add("none", content: " \n"),
        ]
        try await harness.finished(ids)
      }
      #expect(try await harness.count("select count(*) as n from artifact where value @> '{\"words\": 3}'") == 1)
      #expect(
        try await harness.count("select count(*) as n from artifact where empty_because = 'the text has no words'")
          == 1)
    }
  }
}

import FoundationEssentials
import HTTPClient
import JSON
import Pipeline
import Providers
import Synchronization
import TestSupport
import Testing

/// Servers that answer as OpenAI's does, or badly.
@Suite struct OpenAITests {
  private static let key = "sk-very-secret"

  private static func endpoint(_ url: String, deadline: Duration = .seconds(10)) -> OpenAIEndpoint {
    OpenAIEndpoint(url: "\(url)/v1/", model: "whisper-1", key: key, deadline: deadline, client: HTTPClient())
  }

  /// Ten seconds of silence, as the stages cut it.
  private static func withRecording<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    try await withFolder { folder in
      let path = "\(folder)/window.wav"
      try Data(repeating: 0, count: 44 + 320_000).write(to: URL(filePath: path))
      return try await body(path)
    }
  }

  /// What a speech server's answer comes to.
  private static func hear(
    deadline: Duration = .seconds(10), _ handle: @escaping @Sendable (LoopbackServer.Connection) -> Void
  ) async throws -> Result<SpeechAnswer, ProviderFailure> {
    try await withRecording { path in
      await withServer(handle) { url, _ in
        do throws(ProviderFailure) {
          return .success(
            try await OpenAISpeech(endpoint(url, deadline: deadline)).transcribe(audio: path, language: "en-GB"))
        } catch { return .failure(error) }
      }
    }
  }

  private static func failure(
    _ handle: @escaping @Sendable (LoopbackServer.Connection) -> Void, deadline: Duration = .seconds(10)
  ) async throws -> ProviderFailure? {
    guard case .failure(let failure) = try await hear(deadline: deadline, handle) else { return nil }
    #expect(!"\(failure) \(failure.detail ?? "")".contains(key), "no failure shows the key")
    return failure
  }

  @Test func `a recording is sent as a form, and segments come back with their words`() async throws {
    let request = Mutex((head: "", body: ""))
    let answer = try await Self.hear(
      answering { head, body in
        request.withLock { $0 = (head, body) }
        return ok(
          """
          {"language": "english", "duration": 10, "text": "The harbour is open. Ships leave.", "segments": [
            {"id": 0, "start": 0.5, "end": 2.25, "text": " The harbour is open.", "avg_logprob": -0.1},
            {"id": 1, "start": 3, "end": 4.5, "text": " Ships leave.", "avg_logprob": -0.5, "no_speech_prob": 0.1}],
           "words": [{"word": "The", "start": 0.5, "end": 0.7}, {"word": "harbour", "start": 0.7, "end": 1.2},
            {"word": "Ships", "start": 3, "end": 3.5}]}
          """)
      }
    ).get()
    #expect(answer.segments.map(\.text) == ["The harbour is open.", "Ships leave."])
    #expect(answer.segments.map(\.start) == [500, 3000])
    #expect(answer.segments.map(\.end) == [2250, 4500])
    #expect(answer.segments.map(\.confidence) == [0.905, 0.607])
    #expect(answer.segments.map { $0.words?.map(\.text) } == [["The", "harbour"], ["Ships"]])
    let (head, body) = request.withLock { $0 }
    #expect(head.hasPrefix("POST /v1/audio/transcriptions HTTP/1.1"))
    #expect(head.contains("Authorization: Bearer \(Self.key)"))
    for part in ["whisper-1", "verbose_json", "filename=\"audio.wav\"", "name=\"language\"\r\n\r\nen\r\n"] {
      #expect(body.contains(part), "\(part)")
    }
  }

  @Test(arguments: [
    #"{"text": "Only text."}"#, #"{"text": "Only text.", "segments": []}"#,
    // Times in milliseconds, before their own beginning, out of order: none of them is believed.
    #"{"text": "x", "segments": [{"start": 500, "end": 2250, "text": "Only text."}]}"#,
    #"{"text": "x", "segments": [{"start": 3, "end": 1, "text": "Only text."}]}"#,
    #"{"segments": [{"start": 5, "end": 6, "text": "Only"}, {"start": 1, "end": 2, "text": " text."}]}"#,
  ])
  func `what has no times, or times that cannot be, stands for the whole recording`(body: String) async throws {
    let answer = try await Self.hear(answering { _, _ in ok(body) }).get()
    #expect(answer.segments.map(\.text) == ["Only text."])
    #expect(answer.segments.first?.start == 0 && answer.segments.first?.end == 10_000)
  }

  @Test func `plain text is an answer, and silence is one`() async throws {
    let plain = try await Self.hear(
      answering { _, _ in ok("Just words.\n", headers: "Content-Type: text/plain; charset=utf-8\r\n") }
    ).get()
    #expect(plain.segments.map(\.text) == ["Just words."])
    let silence = try await Self.hear(answering { _, _ in ok(#"{"text": "  "}"#) }).get()
    #expect(silence.segments.isEmpty)
  }

  @Test(arguments: [
    (429, "Retry-After: 7\r\n", ProviderFailure.Consequence.deferred(retryAfter: .seconds(7))),
    (429, "", .deferred(retryAfter: .seconds(10))),
    (429, "Retry-After: 99999999\r\n", .deferred(retryAfter: .seconds(3600))),
    (503, "Retry-After: 30\r\n", .unavailable(retryAfter: .seconds(30))),
    (502, "", .unavailable()), (504, "", .unavailable()),
    (500, "", .transient()), (408, "", .transient()),
    (401, "", .unavailable(retryAfter: .seconds(60))), (404, "", .unavailable(retryAfter: .seconds(60))),
    (302, "Location: /elsewhere\r\n", .unavailable(retryAfter: .seconds(60))),
    (400, "", .permanent), (413, "", .permanent), (422, "", .permanent),
  ])
  func `each status says what follows`(
    status: Int, headers: String, consequence: ProviderFailure.Consequence
  ) async throws {
    let body = "the key \(Self.key) does not matter here"
    let failure = try await Self.failure(
      answering { _, _ in
        "HTTP/1.1 \(status) No\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
      })
    #expect(failure?.consequence == consequence)
    #expect(failure?.message.contains("\(status)") == true)
  }

  @Test func `a web page in the place of an answer says that something in between answers`() async throws {
    for headers in ["Content-Type: text/html\r\n", ""] {
      let failure = try await Self.failure(answering { _, _ in ok("<html>Sign in</html>", headers: headers) })
      #expect(failure?.consequence == .unavailable())
    }
  }

  @Test(arguments: [
    "", "{", #"{"text": 5}"#, "[]", "null", #"{"segments": [{"start": "0", "end": 1, "text": "x"}]}"#,
    #"{"text": "a", "segments": [{"start": -1, "end": 1, "text": "x"}]}"#, String(repeating: "[", count: 100_000),
  ])
  func `an answer that is none fails for a passing reason`(body: String) async throws {
    #expect(try await Self.failure(answering { _, _ in ok(body) })?.consequence == .transient())
  }

  @Test func `half an answer, an endless one and none at all are told apart`() async throws {
    let half = try await Self.failure { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"text\": \"half")
    }
    #expect(half?.consequence == .transient())
    let endless = try await Self.failure { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      while connection.write(String(repeating: " ", count: 65536)) {}
    }
    #expect(endless?.consequence == .permanent)
    let late = try await Self.failure(
      { connection in
        _ = connection.readRequest()
        connection.waitForClose()
      }, deadline: .milliseconds(300))
    #expect(late?.consequence == .transient())
  }

  @Test func `nobody at the address is no fault of what was asked`() async throws {
    let url = await withServer({ _ in }) { url, _ in url }
    try await Self.withRecording { path in
      let failure = await #expect(throws: ProviderFailure.self) {
        try await OpenAISpeech(Self.endpoint(url)).transcribe(audio: path, language: nil)
      }
      #expect(failure?.consequence == .unavailable())
    }
  }

  @Test func `text on a picture comes back line by line`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/grey.png"
      try Data([0x89, 0x50, 0x4E, 0x47]).write(to: URL(filePath: path))
      let request = Mutex("")
      let content = JSON.string("```json\n{\"lines\": [\"Chapter  1\", \"\", \"The harbour\"]}\n```").canonicalText
      let lines = try await withServer(
        answering { _, body in
          request.withLock { $0 = body }
          return ok(#"{"choices": [{"message": {"role": "assistant", "content": \#(content)}}]}"#)
        }
      ) { url, _ in try await OpenAIText(Self.endpoint(url)).recognize(picture: path) }
      #expect(lines.map(\.text) == ["Chapter 1", "The harbour"])
      let sent = try JSON(parsing: request.withLock { $0 })
      let parts = sent["messages"]?.array?.first?["content"]?.array
      #expect(sent["model"] == "whisper-1")
      #expect(parts?.last?["image_url"]?["url"]?.string == "data:image/png;base64,iVBORw==")
    }
  }

  @Test(arguments: [
    #"{}"#, #"{"choices": []}"#, #"{"choices": [{"message": {"content": "I see no text."}}]}"#,
    #"{"choices": [{"message": {"content": "{\"lines\": [1]}"}}]}"#, #"{"choices": [{"message": {"content": null}}]}"#,
  ])
  func `an answer without lines is none`(body: String) throws {
    #expect(OpenAIText.lines(try JSON(parsing: body)) == nil)
  }

  @Test func `whatever times a server invents, segments lie in the recording and in order`() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let pieces = (0..<Int.random(in: 0...6, using: &generator)).map { number -> JSON in
        [
          "start": .number(Double.random(in: 0...13, using: &generator)),
          "end": .number(Double.random(in: 0...13, using: &generator)), "text": .string("piece \(number)"),
        ]
      }
      guard let answer = OpenAISpeech.reading(["text": "all", "segments": .array(pieces)], milliseconds: 10_000) else {
        Issue.record("expected an answer, seed \(seed)")
        return
      }
      var last: Int64 = 0
      for segment in answer.segments {
        #expect(last <= segment.start && segment.start <= segment.end && segment.end <= 10_000, "seed \(seed)")
        last = segment.start
      }
    }
  }
}

internal import Glibc
internal import HTTPClient
internal import JSON
internal import Pipeline

/// Speech to text over `POST /audio/transcriptions`, as OpenAI and many servers of one's own offer it.
///
/// What servers answer differs: with segments and words, with text alone, with times that do not fit the recording.
/// Only what fits is believed.
package struct OpenAISpeech: SpeechProvider {
  package var name: String { endpoint.name }
  private let endpoint: OpenAIEndpoint

  package init(_ endpoint: OpenAIEndpoint) { self.endpoint = endpoint }

  package func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer {
    let answer = try await endpoint.post("/audio/transcriptions", .form(parts(audio: audio, language: language)))
    guard let reading = Self.reading(answer, milliseconds: Self.length(of: audio)) else {
      throw endpoint.unexpected(
        "a transcription with `text`, or with `segments` of `start`, `end` and `text`", in: answer)
    }
    return reading
  }

  private func parts(audio: String, language: String?) -> [HTTPRequest.FormPart] {
    var parts: [HTTPRequest.FormPart] = [
      .init(name: "file", content: .file(path: audio, name: "audio.wav", contentType: "audio/wav")),
      .init(name: "model", content: .text(endpoint.model)),
      .init(name: "response_format", content: .text("verbose_json")),
      .init(name: "timestamp_granularities[]", content: .text("segment")),
      .init(name: "timestamp_granularities[]", content: .text("word")),
    ]
    if let language { parts.append(.init(name: "language", content: .text(String(language.prefix { $0 != "-" })))) }
    return parts
  }

  /// The length of a WAV file of 16 kHz, one channel, 16 bits.
  private static func length(of path: String) -> Int64 {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return max(0, Int64(status.st_size) - 44) / 32
  }
}

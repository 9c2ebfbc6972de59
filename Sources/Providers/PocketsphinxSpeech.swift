internal import Pipeline
package import Subprocess

/// The embedded speech provider: pocketsphinx with Debian's model of American English.
///
/// It runs `pocketsphinx_continuous`, which cuts the file into utterances at pauses and prints each word with times and
/// a confidence. (`pocketsphinx_batch` counts its times without the silences.) Its noise removal is switched off: on
/// clean speech it costs a word in six, on noisy speech it gains none.
///
/// What it hears in music and noise are words too, so an utterance is written down only if its words are sure enough
/// and no longer than people take to say them.
package struct PocketsphinxSpeech: SpeechProvider {
  /// The least mean confidence of an utterance's words, from 0 to 1. Clean speech has 0.5 to 0.8; speech in noise has
  /// 0.3, and false words.
  static let leastConfidence = 0.4
  /// The most milliseconds a letter. People take 60 to 100; the words heard in music take 150 and more.
  static let longestLetter = 130.0

  package let name = "pocketsphinx/en-us"
  package let languages: Set<String>? = ["en"]
  private let tool: EmbeddedTool

  /// - Parameter deadline: for one file; it takes a tenth of its length on a quiet machine.
  package init(sandbox: Sandbox, deadline: Duration = .seconds(600)) {
    tool = EmbeddedTool(
      provider: name, program: "pocketsphinx_continuous", package: "pocketsphinx and pocketsphinx-en-us",
      sandbox: sandbox, deadline: deadline)
  }

  package func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer {
    let output = try await tool.run(
      ["-infile", audio, "-time", "yes", "-remove_noise", "no", "-logfn", "/dev/null"], readable: [audio])
    return Self.answer(String(decoding: output, as: UTF8.self))
  }
}

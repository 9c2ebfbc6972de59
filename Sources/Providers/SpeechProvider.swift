package import Pipeline

/// Turns speech into text.
package protocol SpeechProvider: Sendable {
  /// Who and which model, such as `pocketsphinx/en-us`: another name is another definition of the stage that asks.
  var name: String { get }

  /// The languages that it knows, as the first part of their BCP 47 tags; nil for all.
  var languages: Set<String>? { get }

  /// What is said in a WAV file of 16 kHz, one channel, 16 bits; at most some minutes of it.
  ///
  /// - Parameters:
  ///   - audio: the path of the file.
  ///   - language: as BCP 47, if it is known.
  /// - Returns: with times from the start of the file. Nothing said and nothing understood are answers, not failures.
  func transcribe(audio: String, language: String?) async throws(ProviderFailure) -> SpeechAnswer
}

extension SpeechProvider {
  package var languages: Set<String>? { nil }

  /// Whether it is worth asking about a recording in that language.
  package func knows(language: String) -> Bool {
    languages?.contains(String(language.prefix { $0 != "-" }).lowercased()) ?? true
  }
}

/// What a speech provider heard.
package struct SpeechAnswer: Sendable, Equatable {
  package var segments: [Transcript.Segment]
  /// Milliseconds of what sounded like speech but was too unsure to be written down.
  package var notUnderstood: Int64

  package init(segments: [Transcript.Segment], notUnderstood: Int64 = 0) {
    self.segments = segments
    self.notUnderstood = notUnderstood
  }
}

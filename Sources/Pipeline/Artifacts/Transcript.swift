/// What was said, with times: the value of `captions` and of `transcript`.
package struct Transcript: ArtifactValue {
  package struct Word: ArtifactValue {
    package var start: Int64
    package var end: Int64
    package var text: String

    package init(start: Int64, end: Int64, text: String) {
      self.start = start
      self.end = end
      self.text = text
    }
  }

  package struct Segment: ArtifactValue {
    /// Milliseconds from the start of the asset.
    package var start: Int64
    package var end: Int64
    package var text: String
    package var speaker: String?
    /// From 0 to 1; nil where nobody guessed.
    package var confidence: Double?
    package var words: [Word]?

    package init(
      start: Int64, end: Int64, text: String, speaker: String? = nil, confidence: Double? = nil, words: [Word]? = nil
    ) {
      self.start = start
      self.end = end
      self.text = text
      self.speaker = speaker
      self.confidence = confidence
      self.words = words
    }
  }

  /// Where it comes from.
  package enum Origin: String, Codable, Sendable {
    /// A subtitle file handed in beside the media.
    case sidecar
    /// A subtitle stream of the media.
    case stream
    /// A speech provider.
    case speech
    /// A person.
    case edited
  }

  package var origin: Origin
  /// As BCP 47, when it is known.
  package var language: String?
  package var segments: [Segment]
  /// What could not be read of a subtitle file, for people.
  package var issues: [String]?

  package init(origin: Origin, language: String? = nil, segments: [Segment], issues: [String]? = nil) {
    self.origin = origin
    self.language = language
    self.segments = segments
    self.issues = issues
  }
}

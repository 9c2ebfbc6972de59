/// The sound of a recording as speech recognition takes it.
package struct ExtractedAudio: Sendable, Equatable {
  /// Where nothing is heard, in milliseconds from the start.
  package struct Silence: Sendable, Equatable {
    package let start: Int64
    package let end: Int64
  }

  /// A WAV file: 16 kHz, one channel, 16 bits.
  package let path: String
  package let durationMilliseconds: Int64
  /// In order, without overlaps.
  package let silences: [Silence]
}

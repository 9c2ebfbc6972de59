/// The sound of a recording, made ready for speech recognition: the value of `audio`. Its content is a WAV file of
/// 16 kHz, one channel, 16 bits.
package struct AudioTrack: ArtifactValue {
  /// Milliseconds from the start of the asset.
  package struct Silence: ArtifactValue {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
      self.start = start
      self.end = end
    }
  }

  package var durationMilliseconds: Int64
  /// Where nothing is heard, in order.
  package var silences: [Silence]

  package init(durationMilliseconds: Int64, silences: [Silence]) {
    self.durationMilliseconds = durationMilliseconds
    self.silences = silences
  }
}

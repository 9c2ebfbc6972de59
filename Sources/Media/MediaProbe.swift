/// What ffprobe says of a file.
package struct MediaProbe: Sendable, Equatable {
  /// One stream of a file.
  package struct Stream: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      case video, audio, subtitle
      /// Data, attachments, what ffprobe has no word for.
      case other
    }

    package let index: Int
    package let kind: Kind
    /// ffmpeg's name of the codec; `unknown` when it has none.
    package let codec: String
    /// 0 for what has none, and for pictures that are too large or unreadable.
    package let width: Int
    package let height: Int
    /// Frames a second; nil when the container does not say.
    package let frameRate: Double?
    /// In hertz; 0 for what has none.
    package let sampleRate: Int
    package let channels: Int
    /// As the file says, mostly ISO 639-2; nil when it does not.
    package let language: String?
    /// The cover of a recording, not a video.
    package let isCover: Bool
  }

  /// ffmpeg's name of the container.
  package let container: String
  /// As the container declares or ffmpeg estimates; nil when neither.
  package let durationMilliseconds: Int64?
  package let streams: [Stream]

  /// Containers without a table of contents: their duration is estimated from the bit rate.
  private static let containersWithoutDuration: Set<String> = ["mp3", "aac", "mpegts", "mpeg", "ac3", "amr"]

  /// Whether the container says how long it is.
  package var declaresDuration: Bool {
    durationMilliseconds != nil && !Self.containersWithoutDuration.contains(container)
  }

  /// The streams of that kind; covers are not among the videos.
  package func streams(of kind: Stream.Kind) -> [Stream] { streams.filter { $0.kind == kind && !$0.isCover } }
}

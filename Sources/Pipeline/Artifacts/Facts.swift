/// What a content is, as found by looking into it.
package struct Facts: ArtifactValue {
  package struct VideoStream: ArtifactValue {
    package var index: Int
    package var codec: String
    package var width: Int
    package var height: Int
    /// Frames a second; nil when the container does not say.
    package var frameRate: Double?

    package init(index: Int, codec: String, width: Int, height: Int, frameRate: Double?) {
      self.index = index
      self.codec = codec
      self.width = width
      self.height = height
      self.frameRate = frameRate
    }
  }

  package struct AudioStream: ArtifactValue {
    package var index: Int
    package var codec: String
    package var sampleRate: Int
    package var channels: Int
    package var language: String?

    package init(index: Int, codec: String, sampleRate: Int, channels: Int, language: String?) {
      self.index = index
      self.codec = codec
      self.sampleRate = sampleRate
      self.channels = channels
      self.language = language
    }
  }

  package struct SubtitleStream: ArtifactValue {
    package var index: Int
    package var codec: String
    package var language: String?

    package init(index: Int, codec: String, language: String?) {
      self.index = index
      self.codec = codec
      self.language = language
    }
  }

  /// The type by content, such as `video/mp4`.
  package var contentType: String
  /// ffmpeg's name of the container; nil for what it does not open.
  package var container: String?
  /// In bytes.
  package var size: Int64
  /// Nil for pictures and texts.
  package var durationMilliseconds: Int64?
  package var video: [VideoStream]
  package var audio: [AudioStream]
  package var subtitles: [SubtitleStream]

  package init(
    contentType: String, container: String? = nil, size: Int64, durationMilliseconds: Int64? = nil,
    video: [VideoStream] = [], audio: [AudioStream] = [], subtitles: [SubtitleStream] = []
  ) {
    self.contentType = contentType
    self.container = container
    self.size = size
    self.durationMilliseconds = durationMilliseconds
    self.video = video
    self.audio = audio
    self.subtitles = subtitles
  }
}

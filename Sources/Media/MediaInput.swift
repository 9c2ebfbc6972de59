/// A file for ffmpeg, and how it may be opened.
package struct MediaInput: Sendable, Equatable {
  package let path: String
  let options: [String]
  /// What makes a decoder refuse damaged pictures instead of mending them.
  let strictness: [String]

  /// A video or audio file, of whatever format on the list its content is of.
  package static func recording(_ path: String) -> MediaInput {
    MediaInput(path: path, formats: recordingFormats, options: [], strictness: [])
  }

  /// A picture of that format. The format is given because the demuxer for picture files would also take numbered
  /// series of them, and names that are patterns.
  package static func picture(_ path: String, _ format: PictureFormat) -> MediaInput {
    MediaInput(path: path, formats: [format.demuxer], options: ["-f", format.demuxer], strictness: format.strictness)
  }

  private init(path: String, formats: [String], options: [String], strictness: [String]) {
    self.path = path
    self.strictness = strictness
    self.options =
      ["-protocol_whitelist", "file", "-format_whitelist", formats.joined(separator: ",")]
      + ["-max_pixels", "\(MediaTools.maximumPixels)"] + options
  }

  var url: String { "file:\(path)" }

  /// Formats that hold what they show. Playlists and descriptions (hls, concat, dash, sdp) are not among them: they
  /// make ffmpeg open other files of this machine.
  private static let recordingFormats = [
    "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "flv", "asf", "mp3", "wav",
    "w64", "flac", "ogg", "aac", "aiff", "caf", "amr", "ac3",
  ]
}

/// A format of pictures that is read.
package enum PictureFormat: String, Sendable, CaseIterable {
  case jpeg, png, webp, gif, bmp, tiff

  /// nil if the type is none of a picture that is read.
  package init?(contentType: String) {
    switch contentType {
    case "image/jpeg": self = .jpeg
    case "image/png": self = .png
    case "image/webp": self = .webp
    case "image/gif": self = .gif
    case "image/bmp", "image/x-ms-bmp": self = .bmp
    case "image/tiff": self = .tiff
    default: return nil
    }
  }

  /// The decoder for TIFF counts every tag that it does not know as damage.
  var strictness: [String] { self == .tiff ? ["-xerror"] : ["-xerror", "-err_detect", "explode"] }

  var demuxer: String {
    switch self {
    case .gif: "gif"
    case .jpeg, .png, .webp, .bmp, .tiff: "\(rawValue)_pipe"
    }
  }
}

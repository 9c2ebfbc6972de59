internal import JSON

extension MediaProbe {
  /// Reads what `ffprobe -print_format json -show_format -show_streams` prints.
  ///
  /// - Throws: `unreadable`, with the member that is missing or of another type.
  package init(parsing bytes: [UInt8]) throws(MediaError) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: bytes)
    } catch {
      throw MediaError(.unreadable, "expected JSON from ffprobe: \(error)")
    }
    guard let format = json["format"], let container = format["format_name"]?.string else {
      throw MediaError(.unreadable, "expected `format.format_name` from ffprobe; it is missing")
    }
    self.container = container
    durationMilliseconds = try Self.milliseconds(format["duration"])
    var streams: [Stream] = []
    for stream in json["streams"]?.array ?? [] { streams.append(try Stream(json: stream)) }
    self.streams = streams
  }

  /// Seconds as ffprobe writes them, `7.910000` or `N/A`; a time before the start counts as unknown.
  private static func milliseconds(_ json: JSON?) throws(MediaError) -> Int64? {
    guard let text = json?.string, text != "N/A" else { return nil }
    guard let seconds = Double(text), seconds.isFinite, abs(seconds) < 1e12 else {
      throw MediaError(.unreadable, "expected seconds from ffprobe as `format.duration`, came `\(text.prefix(40))`")
    }
    return seconds < 0 ? nil : Int64((seconds * 1000).rounded())
  }
}

extension MediaProbe.Stream {
  fileprivate init(json: JSON) throws(MediaError) {
    guard let index = json["index"]?.integer.flatMap(Int.init(exactly:)), index >= 0 else {
      throw MediaError(.unreadable, "expected a number from ffprobe as `streams[].index`")
    }
    self.index = index
    kind =
      switch json["codec_type"]?.string {
      case "video": .video
      case "audio": .audio
      case "subtitle": .subtitle
      default: .other
      }
    codec = json["codec_name"]?.string ?? "unknown"
    width = Self.count(json["width"])
    height = Self.count(json["height"])
    channels = Self.count(json["channels"])
    sampleRate = json["sample_rate"]?.string.flatMap { Int($0) } ?? 0
    frameRate = json["avg_frame_rate"]?.string.flatMap(Self.ratio)
    let language = json["tags"]?["language"]?.string
    self.language = language == "und" || language?.isEmpty == true ? nil : language
    isCover = json["disposition"]?["attached_pic"]?.integer == 1
  }

  private static func count(_ json: JSON?) -> Int { max(0, json?.integer.flatMap(Int.init(exactly:)) ?? 0) }

  /// `30000/1001`; nil for `0/0`.
  private static func ratio(_ text: String) -> Double? {
    let parts = text.split(separator: "/")
    guard parts.count == 2, let above = Double(parts[0]), let below = Double(parts[1]), above > 0, below > 0 else {
      return nil
    }
    return above / below
  }
}

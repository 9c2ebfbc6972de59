package import JSON

/// What is too much for one asset.
package struct InspectionLimits: Sendable, Equatable {
  /// Bytes of a file.
  package var size: Int64
  /// Milliseconds of a recording: a working day.
  package var duration: Int64
  /// Streams in a recording.
  package var streams: Int
  /// Bytes of a text.
  package var textSize: Int64

  package init(
    size: Int64 = 64 << 30, duration: Int64 = 10 * 3_600_000, streams: Int = 64, textSize: Int64 = 32 << 20
  ) {
    self.size = size
    self.duration = duration
    self.streams = streams
    self.textSize = textSize
  }

  /// What differs from the defaults: part of the stage's definition, as a refusal is a result.
  package var configuration: JSON {
    let standard = InspectionLimits()
    var members: [String: JSON] = [:]
    if size != standard.size { members["size"] = .integer(size) }
    if duration != standard.duration { members["duration"] = .integer(duration) }
    if streams != standard.streams { members["streams"] = .integer(Int64(streams)) }
    if textSize != standard.textSize { members["textSize"] = .integer(textSize) }
    return .object(members)
  }
}

internal import Media
internal import Pipeline
internal import Subprocess

/// What kind of asset a file becomes. Its content decides; where the name says something else, it is refused, because
/// one of the two is a mistake.
enum MediaTypeOfFile {
  /// Names that promise a recording or a picture.
  private static let promises: [MediaType: [String]] = [
    .video: ["mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg"],
    .audio: ["mp3", "m4a", "wav", "flac", "ogg", "opus", "aac"],
    .image: ["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"],
  ]

  static func detect(_ path: String, named name: String) async throws -> MediaType {
    let content = try await ContentType(ofFileAt: path)
    let promised = promised(by: name)
    guard !content.mimeType.contains("mpegurl"), !content.description.contains("M3U") else {
      throw IngestionError.refused("a playlist names other files and holds nothing itself; ingest those instead")
    }
    guard let found = try await mediaType(of: content, at: path) else {
      guard content.mimeType != "application/octet-stream" else {
        throw IngestionError.refused(
          "neither a recording nor text: its content is binary data that nothing here knows; a text holds no NUL bytes")
      }
      throw IngestionError.refused(
        "not a video, audio file, image or text: its content is \(content.mimeType) (\(content.description))")
    }
    if let promised, found == .text {
      throw IngestionError.refused(
        "the name promises \(promised.rawValue), the content is text (\(content.description)); rename it if it is text")
    }
    return found
  }

  private static func mediaType(of content: ContentType, at path: String) async throws -> MediaType? {
    switch content.mimeType.split(separator: "/").first {
    case "text": return .text
    case "image": return content.mimeType == "image/svg+xml" ? nil : .image
    case "audio": return .audio
    case "video": return try await recording(at: path) ?? .video
    default: break
    }
    switch content.mimeType {
    case "application/json", "application/xml", "application/xhtml+xml": return .text
    case "application/ogg": return try await recording(at: path) ?? .audio
    case "application/octet-stream": return try await recording(at: path)
    default: return nil
    }
  }

  /// Containers that can hold both are looked into; nil if nothing is found there. Where the content promised a
  /// recording, the inspection will say why it is none.
  private static func recording(at path: String) async throws -> MediaType? {
    let tools = try MediaTools(sandbox: try await Sandbox(mode: .preferred))
    do throws(MediaError) {
      let probe = try await tools.probe(.recording(path))
      if !probe.streams(of: .video).isEmpty { return .video }
      return probe.streams(of: .audio).isEmpty ? nil : .audio
    } catch { return nil }
  }

  private static func promised(by name: String) -> MediaType? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    return promises.first { $0.value.contains(ending) }?.key
  }
}

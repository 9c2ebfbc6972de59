internal import CMagic

/// What a file is by its content, whatever it is called.
package struct ContentType: Sendable, Equatable {
  /// Such as `video/mp4`; `application/octet-stream` for what is not known.
  package let mimeType: String
  /// In words, such as `M3U playlist, ASCII text`.
  package let description: String

  /// Looks into the file with libmagic.
  ///
  /// - Throws: `storage` if it cannot be read, `toolMissing` if libmagic's database is not there.
  package init(ofFileAt path: String) async throws(MediaError) {
    let answer: Result<ContentType, MediaError> = try await LocalFile.onPool {
      Result { () throws(MediaError) in
        let magic = try Magic()
        return ContentType(
          mimeType: try magic.describe(path, flags: MAGIC_MIME_TYPE),
          description: try magic.describe(path, flags: MAGIC_NONE))
      }
    }
    self = try answer.get()
  }

  private init(mimeType: String, description: String) {
    self.mimeType = mimeType
    self.description = description
  }
}

/// Owns a handle of libmagic.
private struct Magic: ~Copyable {
  private let handle: magic_t

  /// Opens the database, which is mapped, not read.
  init() throws(MediaError) {
    guard let handle = magic_open(MAGIC_NONE) else {
      throw MediaError(.toolMissing, "libmagic cannot start: no memory left")
    }
    guard magic_load(handle, nil) == 0 else {
      let problem = magic_error(handle).map { String(cString: $0) } ?? "no reason given"
      magic_close(handle)
      throw MediaError(.toolMissing, "libmagic has no database: \(problem); install libmagic-mgc")
    }
    self.handle = handle
  }

  deinit { magic_close(handle) }

  borrowing func describe(_ path: String, flags: Int32) throws(MediaError) -> String {
    // Never looks into archives, and says an error as one instead of as a description.
    magic_setflags(handle, flags | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS)
    // The text is libmagic's, until the next call.
    guard let text = magic_file(handle, path) else {
      throw MediaError(.storage, "cannot look into \(path): \(magic_error(handle).map { String(cString: $0) } ?? "")")
    }
    return String(cString: text)
  }
}

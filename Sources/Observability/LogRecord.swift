internal import Text

/// One line of the log before it is written.
struct LogRecord {
  let time: Timestamp
  let level: LogLevel
  let message: String
  let metadata: LogMetadata

  /// The most characters of a message or a value; the rest is cut.
  static let textLimit = 8192

  /// The metadata in the keys' order.
  private var pairs: [(LogKey, LogValue)] {
    if metadata.isEmpty { return [] }
    return LogKey.allCases.compactMap { key in metadata[key].map { (key, $0) } }
  }

  /// One JSON object and a line feed.
  var json: String {
    var line = "{\"time\":\"\(time.text)\",\"level\":\"\(level.rawValue)\",\"message\":"
    line.appendJSON(safe(message))
    for (key, value) in pairs {
      line += ",\"\(key.rawValue)\":"
      switch value {
      case .integer(let number): line += "\(number)"
      case .decimal(let number) where number.isFinite: line += "\(number)"
      case .decimal(let number): line.appendJSON("\(number)")
      case .boolean(let truth): line += "\(truth)"
      case .string(let text): line.appendJSON(safe(text))
      }
    }
    return line + "}\n"
  }

  /// One line for people: time of day, level, message, then `key=value` for each.
  func readable(isColored: Bool) -> String {
    let name = level.rawValue.padded(toWidth: 7)
    var line = "\(time.timeOfDay) \(isColored ? "\(level.color)\(name)\u{1B}[0m" : name) \(safe(message).printable())"
    for (key, value) in pairs {
      let text =
        switch value {
        case .integer(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .boolean(let truth): "\(truth)"
        case .string(let text): quotedIfNeeded(safe(text).printable())
        }
      line += isColored ? " \u{1B}[2m\(key.rawValue)=\u{1B}[0m\(text)" : " \(key.rawValue)=\(text)"
    }
    return line + "\n"
  }

  /// The text without passwords of URLs, and bounded.
  private func safe(_ text: String) -> String {
    let bounded = text.utf8.count > Self.textLimit ? text.prefix(Self.textLimit) + "…" : text
    return bounded.redactingURLSecrets
  }

  private func quotedIfNeeded(_ text: String) -> String {
    let isPlain = !text.isEmpty && !text.contains { " \"=\\".contains($0) }
    return isPlain ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}

extension LogLevel {
  fileprivate var color: String {
    switch self {
    case .trace, .debug: "\u{1B}[2m"
    case .info: "\u{1B}[32m"
    case .warning: "\u{1B}[33m"
    case .error: "\u{1B}[31m"
    }
  }
}

extension String {
  /// Appends `text` as a JSON string (RFC 8259, section 7).
  fileprivate mutating func appendJSON(_ text: String) {
    append("\"")
    defer { append("\"") }
    // Nearly every text is plain, and copying it whole is far cheaper than scalar by scalar.
    if !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x22 || $0 == 0x5C }) { return append(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case "\0"..<" ", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: unicodeScalars.append(scalar)
      }
    }
  }
}

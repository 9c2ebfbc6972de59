extension DocumentError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "expected at most \(limit) bytes of text, got \(bytes): split the file or raise the limit"
    case .unsupportedCharset(let label):
      "expected UTF-8, UTF-16 or a Western European charset, the text declares “\(label)”: convert it to UTF-8"
    case .notText(let appearance):
      "expected text, got what looks like \(appearance): extract its text first"
    case .noCues(let issues):
      if let first = issues.first {
        "expected SRT or WebVTT cues, none is usable: \(first)"
      } else {
        "expected SRT or WebVTT cues, found no line with “-->”"
      }
    }
  }
}

/// One sample of Prometheus's text format: `name{label="value"} 1`.
struct PrometheusSample: Equatable {
  let name: String
  let labels: [String: String]
  let value: Double

  /// Reads a line; nil if it is a comment or no sample.
  init?(_ line: Substring) {
    guard !line.hasPrefix("#") else { return nil }
    var rest = line
    let name = rest.prefix { $0 != "{" && $0 != " " }
    rest = rest[name.endIndex...]
    guard !name.isEmpty, let labels = Self.takeLabels(from: &rest) else { return nil }
    guard let text = rest.split(separator: " ").first, let value = Double(text) else { return nil }
    self.name = String(name)
    self.labels = labels
    self.value = value
  }

  /// Takes `{a="b",c="d"}` off the front, or nothing; nil if it is cut short.
  private static func takeLabels(from rest: inout Substring) -> [String: String]? {
    var labels: [String: String] = [:]
    guard rest.first == "{" else { return labels }
    rest = rest.dropFirst()
    while rest.first != "}" {
      let name = rest.prefix { $0 != "=" }
      rest = rest[name.endIndex...]
      guard rest.hasPrefix("=\"") else { return nil }
      rest = rest.dropFirst(2)
      guard let value = takeValue(from: &rest) else { return nil }
      labels[String(name)] = value
      if rest.first == "," { rest = rest.dropFirst() }
    }
    rest = rest.dropFirst()
    return labels
  }

  /// Takes a label's value and its closing quotation mark; a backslash escapes itself, the mark and `n`.
  private static func takeValue(from rest: inout Substring) -> String? {
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        value.append(escaped == "n" ? "\n" : escaped)
      default: value.append(character)
      }
    }
    return nil
  }
}

/// When output has colours.
package enum ColorPolicy: String, Sendable, CaseIterable {
  /// At a terminal that takes them, unless `NO_COLOR` is set.
  case automatic = "auto"
  case always
  case never

  func allows(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .automatic: isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
  }
}

package import JSON

/// What the doctor found.
package struct Diagnosis: Sendable, Equatable {
  /// In the order of the examination.
  package let checks: [Check]

  package init(checks: [Check]) { self.checks = checks }

  /// The worst of all; `pass` if nothing was examined.
  package var verdict: Check.Verdict { checks.map(\.verdict).max() ?? .pass }

  /// For programs; what is not known is null.
  package var json: JSON {
    ["verdict": .string(verdict.rawValue), "checks": .array(checks.map(\.json))]
  }
}

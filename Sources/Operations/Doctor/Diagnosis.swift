package import JSON

/// What the doctor found.
package struct Diagnosis: Sendable, Equatable {
  package let checks: [Check]

  package init(checks: [Check]) { self.checks = checks }

  /// The worst of all; `pass` if nothing was examined.
  package var verdict: Check.Verdict { checks.map(\.verdict).max() ?? .pass }

  package var json: JSON {
    ["verdict": .string(verdict.rawValue), "checks": .array(checks.map(\.json))]
  }
}

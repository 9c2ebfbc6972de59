package import JSON

/// One thing that was examined.
package struct Check: Sendable, Equatable {
  /// How it is.
  package enum Verdict: String, Sendable, CaseIterable, Comparable {
    case pass
    /// It could not be examined, or need not be.
    case skip
    /// It works, but not as it should.
    case warn
    /// Something will not work.
    case fail

    package static func < (left: Verdict, right: Verdict) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  /// What was examined, such as `ffmpeg`.
  package let subject: String
  package let verdict: Verdict
  /// What it is like, in words.
  package let found: String
  /// What to do; nil if nothing is to be done.
  package let fix: String?

  static func pass(_ subject: String, _ found: String) -> Check {
    Check(subject: subject, verdict: .pass, found: found, fix: nil)
  }

  static func skip(_ subject: String, _ found: String) -> Check {
    Check(subject: subject, verdict: .skip, found: found, fix: nil)
  }

  static func warn(_ subject: String, _ found: String, fix: String) -> Check {
    Check(subject: subject, verdict: .warn, found: found, fix: fix)
  }

  static func fail(_ subject: String, _ found: String, fix: String) -> Check {
    Check(subject: subject, verdict: .fail, found: found, fix: fix)
  }

  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "subject": .string(subject), "verdict": .string(verdict.rawValue), "found": .string(found), "fix": .text(fix),
    ]
  }
}

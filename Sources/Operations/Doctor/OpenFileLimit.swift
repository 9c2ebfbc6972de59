internal import Glibc

/// How many files a process may have open.
package struct OpenFileLimit: Sendable, Equatable {
  let soft: UInt64
  let hard: UInt64

  package init(soft: UInt64, hard: UInt64) {
    self.soft = soft
    self.hard = hard
  }

  private static let wanted: UInt64 = 4096
  private static let minimum: UInt64 = 1024

  /// The check that follows from it.
  package func judge() -> Check {
    let fix = "ulimit -n \(max(Self.wanted, min(hard, 65_536))), or LimitNOFILE= in the service's unit"
    switch soft {
    case ..<Self.minimum: return .fail("open files", "at most \(soft); expected \(Self.wanted)", fix: fix)
    case ..<Self.wanted: return .warn("open files", "at most \(soft); expected \(Self.wanted)", fix: fix)
    default: return .pass("open files", soft == .max ? "without limit" : "at most \(soft)")
    }
  }

  static func probe() -> OpenFileLimit? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return OpenFileLimit(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
  }
}

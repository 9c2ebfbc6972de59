internal import FoundationEssentials
internal import Glibc

/// A process as no other can be mistaken for: its id and when it started.
package struct ProcessIdentity: Codable, Sendable, Equatable {
  package let pid: Int32
  /// Clock ticks between the boot of the machine and the start of the process: field 22 of `/proc/<pid>/stat`.
  package let startTicks: UInt64

  /// The process that has this id now; nil if there is none, or if it has ended and only waits for its parent.
  package init?(pid: Int32) {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
      // The second field is the name in parentheses and may contain anything, so fields are counted from the last one.
      let afterName = String(decoding: data, as: UTF8.self).split(separator: ")").last
    else { return nil }
    let fields = afterName.split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let ticks = UInt64(fields[19]) else { return nil }
    self.pid = pid
    startTicks = ticks
  }

  /// The process that runs this code.
  package static var current: ProcessIdentity? { ProcessIdentity(pid: getpid()) }

  /// Whether this very process still runs.
  package var isAlive: Bool { ProcessIdentity(pid: pid) == self }
}

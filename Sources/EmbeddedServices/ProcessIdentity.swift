internal import FoundationEssentials
internal import Glibc

/// A process as no other can be mistaken for: its id and when it started.
package struct ProcessIdentity: Codable, Sendable, Equatable {
  package let pid: Int32
  /// Clock ticks between the boot of the machine and the start of the process: field 22 of `/proc/<pid>/stat`.
  package let startTicks: UInt64

  /// The process that has this id now; nil if there is none, or if it has ended and only waits for its parent.
  package init?(pid: Int32) {
    guard let fields = Self.fields(of: pid), let ticks = UInt64(fields[19]) else { return nil }
    self.pid = pid
    startTicks = ticks
  }

  /// Whether a process of the group runs, and not only waits for its parent.
  static func isAnyAlive(inGroup group: Int32) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.contains { fields(of: $0)?[2] == "\(group)" }
  }

  /// The fields of `/proc/<pid>/stat` from the third on; nil if there is no such process, or it has ended.
  private static func fields(of pid: Int32) -> [Substring]? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
      // The second field is the name in parentheses and may contain anything, so fields are counted from the last one.
      let afterName = String(decoding: data, as: UTF8.self).split(separator: ")").last
    else { return nil }
    let fields = afterName.split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return fields
  }

  /// The process that runs this code.
  package static var current: ProcessIdentity? { ProcessIdentity(pid: getpid()) }

  /// Whether this very process still runs.
  package var isAlive: Bool { ProcessIdentity(pid: pid) == self }
}

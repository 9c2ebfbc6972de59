import FoundationEssentials

/// What the kernel says of a process's memory.
enum ProcessMemory {
  /// Bytes in memory now.
  static func resident(_ pid: Int64) throws -> Int64 { try line("VmRSS", of: pid) }

  /// The most bytes in memory so far.
  static func peak(_ pid: Int64) throws -> Int64 { try line("VmHWM", of: pid) }

  private static func line(_ name: String, of pid: Int64) throws -> Int64 {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int64($0) })
    else { throw Unexpected("process \(pid) has ended") }
    return kibibytes << 10
  }
}

import FoundationEssentials
import Testing

/// The threads of this process, as the kernel counts them.
func threadCount() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Threads:") })
  return try #require(line.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) })
}

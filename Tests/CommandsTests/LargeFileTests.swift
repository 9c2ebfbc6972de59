import FoundationEssentials
import Glibc
import Subprocess
import TestSupport
import Testing

/// Files of any size go through a little memory.
@Suite struct LargeFileTests {
  static let size = 4 << 30

  @Test func `a file of four gigabytes is taken in within 150 megabytes`() async throws {
    try await Library.with { library in
      let path = try library.write("long.wav", bytes: WAV.header(dataBytes: UInt32(Self.size - 44)))
      try #require(truncate(path, Self.size) == 0)
      let command = try library.reelmill.command(["ingest", path], deadline: .seconds(300))
      let (peak, answer) = try await command.withRunning { program in
        var peak: Int64 = 0
        while let pid = await program.processIdentifier {
          peak = max(peak, (try? ProcessMemory.peak(Int64(pid))) ?? 0)
          try await Task.sleep(for: .milliseconds(20))
        }
        return (peak, Answer(await program.outcome()))
      }
      #expect(answer.code == 0 && answer.output.contains("audio  long"), "\(answer.complaint)")
      #expect(peak > 0 && peak < 150 << 20, "\(peak >> 20) MiB")
    }
  }
}

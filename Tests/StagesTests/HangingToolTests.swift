import FoundationEssentials
import Media
import Pipeline
import Stages
import TestSupport
import Testing

@Suite struct HangingToolTests {
  /// Writes a program in place of ffmpeg that heeds no polite signal and never ends.
  private func withHangingTool(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let path = "\(folder)/ffmpeg"
      try Data("#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do /bin/sleep 1000; done\n".utf8).write(
        to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      try await body(path)
    }
  }

  @Test func `an ffmpeg that hangs is killed at its deadline, and the run is tried again later`() async throws {
    try await withHangingTool { tool in
      let deadlines = MediaTools.Deadlines(look: .milliseconds(300), work: .milliseconds(300))
      try await withWorkshop(.image, sandbox: .off, ffmpeg: tool, deadlines: deadlines) { workshop in
        try await workshop.give(
          file: workshop.make("a.png", ["-f", "lavfi", "-i", "testsrc=s=32x32", "-frames:v", "1"]))
        let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
        #expect(failure.code == "tool.timeout" && failure.consequence == .transient())
      }
    }
  }

  @Test func `a run that is cancelled ends its ffmpeg and says so`() async throws {
    try await withHangingTool { tool in
      try await withWorkshop(.image, sandbox: .off, ffmpeg: tool) { workshop in
        try await workshop.give(
          file: workshop.make("a.png", ["-f", "lavfi", "-i", "testsrc=s=32x32", "-frames:v", "1"]))
        let stage = InspectStage(tools: workshop.tools)
        let context = try workshop.context(stage)
        let run = Task { () -> StageFailure? in
          do throws(StageFailure) {
            _ = try await stage.run(context)
            return nil
          } catch {
            return error
          }
        }
        run.cancel()
        #expect(await run.value?.consequence == .interrupted)
      }
    }
  }
}

import FoundationEssentials
import Media
import Samples
import Subprocess
import TestSupport
import Testing

/// ffmpeg itself, with every kind of sandbox that this machine has.
@Suite struct MediaToolsTests {
  @Test(arguments: [SandboxMode.off, .preferred])
  func `sound is taken out with its silences`(mode: SandboxMode) async throws {
    try await withFolder { folder in
      let tools = try MediaTools(sandbox: await Sandbox(mode: mode))
      let note = try await SampleMedia().make(.radioNote, in: folder)
      let audio = try await tools.extractAudio(of: .recording(note.path), folder: folder)
      // Three sentences, and a second of silence after each.
      #expect(audio.silences.count == 3)
      #expect((8_000...16_000).contains(audio.durationMilliseconds))
      for silence in audio.silences { #expect((800...1500).contains(silence.end - silence.start)) }
      let part = try await tools.cutAudio(audio.path, from: 1000, to: 3500, name: "part.wav", folder: folder)
      #expect(try await tools.measureDuration(of: .recording(part)) == 2500)
    }
  }

  @Test(arguments: [SandboxMode.off, .preferred])
  func `a playlist is never followed`(mode: SandboxMode) async throws {
    try await withFolder { folder in
      let tools = try MediaTools(sandbox: await Sandbox(mode: mode))
      let secret = try await SampleMedia().make(.music, in: folder)
      let path = "\(folder)/film.mp4"
      try Data("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://\(secret.path)\n#EXT-X-ENDLIST\n".utf8)
        .write(to: URL(filePath: path))
      let probed = await #expect(throws: MediaError.self) { try await tools.probe(.recording(path)) }
      #expect(probed?.reason == .unreadable)
      await #expect(throws: MediaError.self) { try await tools.measureDuration(of: .recording(path)) }
      await #expect(throws: MediaError.self) { try await tools.extractAudio(of: .recording(path), folder: folder) }
    }
  }

  @Test func `a picture that is a description of others is not followed`() async throws {
    try await withFolder { folder in
      let tools = try MediaTools(sandbox: await Sandbox(mode: .preferred))
      let path = "\(folder)/picture.png"
      try Data("ffconcat version 1.0\nfile '/etc/hostname'\n".utf8).write(to: URL(filePath: path))
      await #expect(throws: MediaError.self) {
        try await tools.thumbnail(of: .picture(path, .png), width: 8, height: 8)
      }
    }
  }

  @Test func `paths are taken as they are`() async throws {
    try await withFolder { folder in
      let odd = "\(folder)/50 %d 'quoted': film?\u{1F3AC}"
      try FileManager.default.createDirectory(atPath: odd, withIntermediateDirectories: false)
      let tools = try MediaTools(sandbox: await Sandbox(mode: .preferred))
      let tour = try await SampleMedia().make(.harbourTour, in: odd)
      let frames = try await tools.extractKeyFrames(
        of: .recording(tour.path), stream: 0, duration: 15_000, rules: KeyFrameRules(), folder: odd)
      #expect(frames.count == 3)
      for frame in frames { #expect(FileManager.default.fileExists(atPath: frame.path)) }
    }
  }

  @Test func `large videos give smaller pictures`() async throws {
    try await withFolder { folder in
      let tools = try MediaTools(sandbox: await Sandbox(mode: .preferred))
      let tour = try await SampleMedia().make(.harbourTour, in: folder)
      let frames = try await tools.extractKeyFrames(
        of: .recording(tour.path), stream: 0, duration: 15_000, rules: KeyFrameRules(count: 1, longestEdge: 300),
        folder: folder)
      #expect(frames.count == 1)
      let picture = try await tools.probe(.picture(try #require(frames.first).path, .jpeg))
      #expect(picture.streams.map(\.width) == [300] && picture.streams.map(\.height) == [168])
    }
  }

  @Test func `a program that is missing is named, with what to install`() async throws {
    let sandbox = try await Sandbox(mode: .off)
    let error = try #require(throws: MediaError.self) { try MediaTools(sandbox: sandbox, ffmpeg: "no-such-ffmpeg") }
    #expect(error.reason == .toolMissing && error.description.contains("install ffmpeg"))
  }

  @Test func `types are found by content`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/film.mp4"
      try Data("only words".utf8).write(to: URL(filePath: path))
      #expect(try await ContentType(ofFileAt: path).mimeType == "text/plain")
      await #expect(throws: MediaError.self) { try await ContentType(ofFileAt: "\(folder)/nothing") }
    }
  }
}

import FoundationEssentials
import JSON
import Media
import Pipeline
import Samples
import Stages
import Testing

/// What is refused, and with which word.
@Suite struct InspectStageTests {
  @Test(arguments: MediaType.allCases)
  func `an empty file is refused, whatever it is to be`(mediaType: MediaType) async throws {
    try await withWorkshop(mediaType) { workshop in
      try workshop.give(content: Data())
      let failure = try await workshop.failure(of: InspectStage(tools: workshop.tools))
      #expect(failure?.code == "media.empty" && failure?.consequence == .permanent)
    }
  }

  @Test(arguments: [
    ("plain words, called a film", "text/plain"),
    ("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "playlist"),
    ("{\"video\": true}", "application/json"),
    ("%PDF-1.4\n1 0 obj\n", "application/pdf"),
  ])
  func `what is called a video but is none is refused for what it is`(content: String, words: String) async throws {
    try await withWorkshop(.video) { workshop in
      try workshop.give(content: Data(content.utf8))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.not-a-recording" && failure.consequence == .permanent)
      #expect(failure.message.contains(words), "of: \(failure.message)")
    }
  }

  @Test(arguments: [MediaType.video, .audio])
  func `bytes that mean nothing are refused`(mediaType: MediaType) async throws {
    try await withWorkshop(mediaType) { workshop in
      try workshop.give(content: Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B1 >> 7) }))
      let failure = try await workshop.failure(of: InspectStage(tools: workshop.tools))
      #expect(failure?.consequence == .permanent)
      #expect(["media.unreadable", "media.not-a-recording", "media.no-streams"].contains(failure?.code))
    }
  }

  @Test(arguments: ["film.mp4", "film.mkv"])
  func `a video that was cut off on its way is refused`(name: String) async throws {
    try await withWorkshop(.video) { workshop in
      let path = try await workshop.film(name, seconds: 20)
      let whole = try Data(contentsOf: URL(filePath: path))
      try workshop.give(content: whole.prefix(whole.count / 2))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.truncated", "\(failure)")
    }
  }

  @Test func `a video that lost its end with its table of contents is refused`() async throws {
    try await withWorkshop(.video) { workshop in
      // Without faststart the table stands at the end.
      let path = try await workshop.film("film.mov", seconds: 5)
      let whole = try Data(contentsOf: URL(filePath: path))
      try workshop.give(content: whole.prefix(whole.count * 2 / 3))
      #expect(try await workshop.failure(of: InspectStage(tools: workshop.tools))?.code == "media.unreadable")
    }
  }

  @Test func `a duration that lies is found out`() async throws {
    try await withWorkshop(.video) { workshop in
      let path = try await workshop.film("film.mp4", seconds: 2)
      let honest = try Data(contentsOf: URL(filePath: path))
      try workshop.give(content: try #require(honest.claimingOneDay()))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.truncated" && failure.message.contains("86400 s"), "\(failure)")
    }
  }

  @Test func `sound is no video, and a film is no sound`() async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: workshop.make("tone.m4a", ["-f", "lavfi", "-i", "sine=d=1"]))
      #expect(try await workshop.failure(of: InspectStage(tools: workshop.tools))?.code == "media.no-streams")
    }
    try await withWorkshop(.audio) { workshop in
      try await workshop.give(file: workshop.make("mute.mp4", ["-f", "lavfi", "-i", "testsrc=d=1"]))
      #expect(try await workshop.failure(of: InspectStage(tools: workshop.tools))?.code == "media.no-streams")
    }
  }

  @Test func `a recording of nothing is refused`() async throws {
    try await withWorkshop(.audio) { workshop in
      let path = try await workshop.make("tone.wav", ["-f", "lavfi", "-i", "sine=d=1", "-bitexact"])
      // A header of 44 bytes, and the samples it announces are missing.
      try workshop.give(content: Data(contentsOf: URL(filePath: path)).prefix(44))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.no-duration", "\(failure)")
    }
  }

  @Test func `a picture beyond a hundred megapixels is refused before it is decoded`() async throws {
    try await withWorkshop(.image) { workshop in
      try workshop.give(content: Data(pngHeader(width: 50_000, height: 50_000)))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.too-many-pixels", "\(failure)")
    }
  }

  @Test(arguments: ["picture.jpg", "picture.png", "picture.webp", "picture.gif", "picture.bmp", "picture.tiff"])
  func `pictures are taken whole and refused cut off`(name: String) async throws {
    try await withWorkshop(.image) { workshop in
      let path = try await workshop.make(name, ["-f", "lavfi", "-i", "testsrc=s=320x200", "-frames:v", "1"])
      try workshop.give(file: path)
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.video.map(\.width) == [320] && facts.video.map(\.height) == [200])
      let whole = try Data(contentsOf: URL(filePath: path))
      try workshop.give(content: whole.prefix(whole.count / 2))
      let failure = try await workshop.failure(of: InspectStage(tools: workshop.tools))
      #expect(failure?.code == "media.unreadable", "\(String(describing: failure))")
    }
  }

  @Test func `a film is no picture`() async throws {
    try await withWorkshop(.image) { workshop in
      try await workshop.give(file: workshop.film("film.mp4", seconds: 1))
      let failure = try #require(try await workshop.failure(of: InspectStage(tools: workshop.tools)))
      #expect(failure.code == "media.not-an-image" && failure.message.contains("video/mp4"))
    }
  }

  @Test(arguments: [Data("words\0more words".utf8), Data([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10])])
  func `a text with binary content is refused`(content: Data) async throws {
    try await withWorkshop(.text) { workshop in
      try workshop.give(content: content)
      #expect(try await workshop.failure(of: InspectStage(tools: workshop.tools))?.code == "media.not-text")
    }
  }

  @Test func `a text in UTF-16 is a text, for all its zeros`() async throws {
    try await withWorkshop(.text) { workshop in
      let words = "some words".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      try workshop.give(content: Data([0xFF, 0xFE] + words))
      #expect(
        try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value).contentType == "text/plain")
    }
  }

  @Test(arguments: [
    (InspectionLimits(size: 1000), "media.too-large"), (InspectionLimits(duration: 1000), "media.too-long"),
    (InspectionLimits(streams: 1), "media.too-many-streams"),
  ])
  func `limits hold`(limits: InspectionLimits, code: String) async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: workshop.film("film.mp4", seconds: 2))
      #expect(try await workshop.failure(of: InspectStage(tools: workshop.tools, limits: limits))?.code == code)
    }
  }

  @Test func `a cover picture is no video stream`() async throws {
    try await withWorkshop(.audio) { workshop in
      let cover = try await workshop.make("cover.png", ["-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1"])
      try await workshop.give(
        file: workshop.make(
          "song.mp3", ["-f", "lavfi", "-i", "sine=d=2", "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy"]))
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.video.isEmpty && facts.audio.count == 1 && facts.contentType == "audio/mpeg")
    }
  }

  @Test func `sound that sets in late is sound`() async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(
        file: workshop.make(
          "late.mkv",
          ["-f", "lavfi", "-i", "testsrc=s=320x180:d=8", "-itsoffset", "5", "-f", "lavfi", "-i", "sine=d=2"]
            + ["-map", "0", "-map", "1", "-c:v", "libx264", "-c:a", "aac"]))
      let facts = try Facts(json: await workshop.run(InspectStage(tools: workshop.tools)).value)
      #expect(facts.audio.count == 1)
    }
  }
}

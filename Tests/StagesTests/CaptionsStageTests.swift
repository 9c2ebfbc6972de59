import FoundationEssentials
import Media
import Pipeline
import Samples
import Stages
import Testing

@Suite struct CaptionsStageTests {
  /// Runs `body` with a film without captions that was inspected.
  private func withFilm(_ body: (inout Workshop) async throws -> Void) async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: workshop.film("film.mp4", seconds: 1))
      try await workshop.run(InspectStage(tools: workshop.tools))
      try await body(&workshop)
    }
  }

  @Test func `a subtitle file beside the video outranks its streams`() async throws {
    try await withWorkshop(.video) { workshop in
      try await workshop.give(file: SampleMedia().make(.silentLesson, in: workshop.folder).path)
      try await workshop.run(InspectStage(tools: workshop.tools))
      try workshop.give(.sidecar, content: Data("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>By hand.\n".utf8))
      let captions = try Transcript(json: await workshop.run(CaptionsStage(tools: workshop.tools)).value)
      #expect(captions.origin == .sidecar && captions.segments.map(\.text) == ["By hand."])
      #expect(captions.segments.map(\.speaker) == ["Ann"])
    }
  }

  @Test func `a broken subtitle file is refused with its first fault`() async throws {
    try await withFilm { workshop in
      try workshop.give(.sidecar, content: Data("1\n00:00:0x,000 --> 00:00:02,000\nHello\n".utf8))
      let failure = try #require(try await workshop.failure(of: CaptionsStage(tools: workshop.tools)))
      #expect(failure.code == "captions.unreadable" && failure.consequence == .permanent)
      #expect(failure.message.contains("line 2"))
    }
  }

  @Test func `a subtitle file with one good line is taken, and its faults are told`() async throws {
    try await withFilm { workshop in
      let file = "1\n00:00:05,000 --> 00:00:02,000\nBackwards\n\n2\n00:00:02,000 --> 00:00:03,000\nForwards\n"
      try workshop.give(.sidecar, content: Data(file.utf8))
      let captions = try Transcript(json: await workshop.run(CaptionsStage(tools: workshop.tools)).value)
      #expect(captions.segments.map(\.text) == ["Forwards"])
      #expect(captions.issues?.count == 1)
    }
  }

  @Test(arguments: [("mov_text", "film.mp4"), ("ass", "film.mkv"), ("webvtt", "film.webm")])
  func `streams of text are read whatever their codec`(codec: String, name: String) async throws {
    try await withWorkshop(.video) { workshop in
      let lesson = try await SampleMedia().make(.silentLesson, in: workshop.folder).path
      let video = name.hasSuffix(".webm") ? ["-c:v", "libvpx", "-deadline", "realtime"] : ["-c:v", "copy"]
      try await workshop.give(file: workshop.make(name, ["-i", lesson] + video + ["-c:s", codec, "-t", "10"]))
      try await workshop.run(InspectStage(tools: workshop.tools))
      let captions = try Transcript(json: await workshop.run(CaptionsStage(tools: workshop.tools)).value)
      #expect(captions.segments.count == 3)
      #expect(captions.segments.first?.text == "The moon pulls the water of the oceans.")
    }
  }
}

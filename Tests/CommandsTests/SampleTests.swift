import JSON
import Subprocess
import TestSupport
import Testing

extension WithSamples {
  /// What people do with their media, from taking it in to finding it. Each test has a sample of its own to change.
  @Suite struct SampleTests {
    let library: Library
    let reelmill: Reelmill

    init() throws {
      library = try WithSamples.library
      reelmill = library.reelmill
    }

    /// The stages that ran, in their order, since the asset's latest edit.
    private func runsSinceEdit(of asset: String) async throws -> [String] {
      let events = try await reelmill.succeeds("why", asset, "--json").json["events"]?.array ?? []
      let edit = events.lastIndex { $0["type"] == "edited" } ?? 0
      return events[edit...].filter { $0["type"] == "run" }.compactMap { $0["stage"]?.string }
    }

    private func settled(_ asset: String) async throws {
      try await eventually("all stages of \(asset) are settled", within: .seconds(60)) {
        try await reelmill.succeeds("show", asset, "--json").json["progress"]?.double == 1
      }
    }

    private func hits(_ query: String...) async throws -> [JSON] {
      let command = try reelmill.command(["search", "--json", "--"] + query, deadline: Reelmill.patience)
      return try await Answer(command.run()).jsonLines
    }

    private func id(of title: String) async throws -> String {
      let report = try await reelmill.succeeds("show", title, "--json").json
      return try #require(report["asset"]?["id"]?.string)
    }

    @Test func `what is said is found, with its time`() async throws {
      let hit = try #require(try await hits("fishermen", "families").first)
      #expect(hit["title"] == "harbour-tour")
      let speech = try #require(hit["matches"]?.array?.first { $0["modality"] == "speech" })
      let (start, end) = (speech["startMs"]?.integer ?? -1, speech["endMs"]?.integer ?? -1)
      #expect((0..<15_000).contains(start) && start < end && end <= 15_000)
      #expect(speech["text"]?.string?.contains("fishermen") == true)
    }

    @Test func `what stands on the screen is found, with its time`() async throws {
      let hit = try #require(try await hits("\"engine inspection\"").first)
      #expect(hit["title"] == "harbour-tour")
      let picture = try #require(hit["matches"]?.array?.first { $0["modality"] == "on-screen" })
      #expect((5000..<10_000).contains(try #require(picture["startMs"]?.integer)))
    }

    @Test func `what is written is found, with its heading`() async throws {
      let hit = try #require(try await hits("the names of the places an answer comes from").first)
      let match = try #require(hit["matches"]?.array?.first)
      #expect(match["modality"] == "text" && match["section"]?.string?.contains("Quoting") == true)
    }

    @Test func `subtitles in a file are found`() async throws {
      // Not by its title, which another test changes.
      let hit = try #require(try await hits("\"spring tide\"").first)
      #expect(hit["mediaType"] == "video")
      let match = try #require(hit["matches"]?.array?.first)
      #expect(match["modality"] == "speech" && match["text"]?.string?.contains("spring tide") == true, "\(match)")
    }

    @Test func `people read hits with places and marked words`() async throws {
      let answer = try await reelmill.succeeds("search", "fishermen")
      #expect(answer.output.contains("1. harbour-tour  video  "))
      #expect(answer.output.contains("[speech 0:") && answer.output.contains("*fishermen*"))
    }

    @Test(arguments: [["status"], ["plan"], ["dlq", "list"], ["config"], ["topology"], ["migrate", "--dry-run"]])
    func `data parses as JSON`(arguments: [String]) async throws {
      let answer = try await Answer(reelmill.command(arguments + ["--json"], deadline: Reelmill.patience).run())
      #expect(answer.code == 0)
      _ = try answer.json
    }

    @Test func `status tells what there is`() async throws {
      let answer = try await reelmill.succeeds("status")
      #expect(answer.output.contains("workers: 1") && answer.output.contains("transcribe"))
      let json = try await reelmill.succeeds("status", "--json").json
      #expect(json["workers"]?.array?.count == 1)
      #expect(json["broker"]?["stages"]?.array?.isEmpty == false)
    }

    @Test func `a new title makes only its readers run again`() async throws {
      let id = try await id(of: "silent-lesson")
      let before = try await reelmill.succeeds("show", id, "--json").json
      try await reelmill.succeeds("edit", id, "--title", "Ebb and flow")
      try await settled(id)
      try await eventually("the new title is found") {
        try await hits("\"ebb and flow\"").first?["assetId"]?.string == id
      }
      #expect(try await runsSinceEdit(of: id) == ["passages", "embed", "index"])
      let after = try await reelmill.succeeds("show", id, "--json").json
      #expect(after["asset"]?["revision"]?.integer == (before["asset"]?["revision"]?.integer ?? 0) + 1)
    }

    @Test func `a transcript by hand counts until it is unpinned`() async throws {
      let id = try await id(of: "radio-note")
      try library.write("right.srt", "1\n00:00:00,000 --> 00:00:02,000\nThe zeppelin lands at noon.\n")
      try await reelmill.succeeds("edit", id, "--transcript", "right.srt")
      try await eventually("the hand's words are found", within: .seconds(60)) {
        try await hits("zeppelin").first?["assetId"]?.string == id
      }
      #expect(try await hits("\"pictures of mountains\"").isEmpty)
      #expect(try await reelmill.succeeds("show", id).output.contains("pinned by hand: transcript"))
      #expect(try await !runsSinceEdit(of: id).contains("transcribe"))

      try await reelmill.succeeds("edit", id, "--unpin")
      try await eventually("the machine's words are found again", within: .seconds(60)) {
        try await hits("\"pictures of mountains\"").first?["assetId"]?.string == id
      }
      let matches = try await hits("zeppelin").flatMap { $0["matches"]?.array ?? [] }
      #expect(matches.allSatisfy { $0["text"]?.string?.contains("zeppelin") == false })
      #expect(try await !runsSinceEdit(of: id).contains("transcribe"))
    }

    @Test func `what is removed is found no more at once, and comes back`() async throws {
      let id = try await library.ingest(library.write("walrus.txt", "The walrus yawns."), "--wait")
      #expect(try await hits("walrus").first?["assetId"]?.string == id)
      try await reelmill.succeeds("rm", id)
      #expect(try await hits("walrus").allSatisfy { $0["assetId"]?.string != id })
      try await reelmill.succeeds("rm", "--undo", id)
      try await eventually("it is found again", within: .seconds(60)) {
        try await hits("walrus").first?["assetId"]?.string == id
      }
    }

    @Test func `the same file is taken in once`() async throws {
      let answer = try await reelmill.succeeds("ingest", "samples/evening-music.wav")
      #expect(answer.output.contains("(unchanged)"))
      let json = try await reelmill.succeeds("ingest", "samples/evening-music.wav", "--json").jsonLines
      #expect(json.map { $0["outcome"] } == ["unchanged"])
    }

    @Test func `standard input is a file like others`() async throws {
      let answer = try await reelmill.succeeds(
        "ingest", "-", "--id", "minutes-of-may", "--title", "Minutes", "--wait",
        input: .bytes(Array("The photovoltaic installation went into service.".utf8)))
      #expect(answer.output.contains("text  Minutes"))
      #expect(try await hits("photovoltaic").first?["title"] == "Minutes")
      #expect(try await reelmill.succeeds("show", "minutes-of-may").output.contains("slug: minutes-of-may"))
    }

    @Test func `a folder is searched through, without hidden files, and subtitles come with their media`() async throws
    {
      try library.write("talks/2023/one.txt", "The lighthouse keeper counts the steamers.")
      try library.write("talks/.draft.txt", "Nobody shall read this.")
      try library.write("talks/.hidden/two.txt", "Nor this.")
      try library.write("talks/film.srt", "1\n00:00:00,000 --> 00:00:01,000\nA wombat says good evening.\n")
      let film = try await reelmill.shell(
        "ffmpeg -v error -f lavfi -i color=c=blue:s=64x64:d=2 -f lavfi -i anullsrc -t 2 talks/film.mp4")
      #expect(film.code == 0, "\(film.complaint)")
      let taken = try await reelmill.succeeds("ingest", "talks", "--wait", "--json").jsonLines
      #expect(Set(taken.compactMap { $0["path"]?.string }) == ["talks/2023/one.txt", "talks/film.mp4"])
      let hit = try #require(try await hits("wombat").first)
      #expect(hit["title"] == "film" && hit["matches"]?.array?.first?["modality"] == "speech")
    }
  }
}

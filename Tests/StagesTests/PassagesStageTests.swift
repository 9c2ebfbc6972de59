import Documents
import JSON
import Pipeline
import Stages
import Testing

@Suite struct PassagesStageTests {
  @Test func `a text becomes passages under their headings, and its title one of its own`() async throws {
    let text = "# Guide\n\nThe harbour is open for all of the ships.\n\n## Rules\n\nNo sails in the harbour.\n"
    let passages = try await passages(ofText: text, name: "guide.md", title: "The harbour guide")
    #expect(passages.map(\.modality) == [.title, .text, .text])
    #expect(
      passages.map(\.text)
        == ["The harbour guide", "The harbour is open for all of the ships.", "No sails in the harbour."])
    #expect(passages.map(\.section) == [nil, "Guide", "Guide › Rules"])
    #expect(passages.allSatisfy { $0.language == "english" && $0.start == nil })
  }

  @Test func `a text that nobody gave a title has its own`() async throws {
    let passages = try await passages(ofText: "# Guide\n\nThe harbour.\n", name: "guide.md")
    #expect(passages.map(\.modality) == [.title, .text])
    #expect(passages.first?.text == "Guide")
  }

  @Test func `what is said becomes passages with its times, in the language that it declares`() async throws {
    let transcript = Transcript(
      origin: .stream, language: "de-AT",
      segments: [
        .init(start: 1000, end: 3000, text: "Im Hafen\u{0} liegen Schiffe."),
        .init(start: 60_000, end: 62_500, text: "Viel später."),
        .init(start: -5, end: -1, text: "Unmöglich."),
      ])
    let passages = try await passages(.video, [.transcript: StageInput(transcript.json), .title: StageInput("Hafen")])
    #expect(passages.map(\.text) == ["Hafen", "Im Hafen liegen Schiffe.", "Viel später."])
    #expect(passages.map(\.modality) == [.title, .speech, .speech])
    #expect(passages.map(\.start) == [nil, 1000, 60_000])
    #expect(passages.map(\.end) == [nil, 3000, 62_500])
    #expect(passages.allSatisfy { $0.language == "german" })
  }

  @Test func `a picture says what stands in it, what it shows and what people say of it`() async throws {
    func line(_ text: String, _ confidence: Double) -> Labels.Text {
      Labels.Text(text: text, confidence: confidence, x: 0, y: 0, width: 1, height: 1)
    }
    let labels = Labels(
      texts: [line("HARBOUR", 0.9), line("n0ise", 0.2), line("|", 0.99), line("OFFICE", 0.8)],
      labels: [.init(name: "ship", confidence: 0.9), .init(name: "toaster", confidence: 0.1)],
      description: "Ships in a harbour.")
    let passages = try await passages(
      .keyframe, [.labels: StageInput(labels.json), .manualLabels: StageInput(["regatta", "1998"])])
    #expect(
      passages.map { "\($0.modality.rawValue): \($0.text)" } == [
        "on-screen: HARBOUR\nOFFICE", "visual: Ships in a harbour.", "visual: ship", "visual: regatta, 1998",
      ])
  }

  @Test func `a film whose speech is lost stays findable by its title`() async throws {
    let passages = try await passages(.video, [.title: StageInput("The harbour")])
    #expect(passages.map(\.text) == ["The harbour"])
  }

  @Test(
    arguments: [
      [:], [.title: StageInput("…")], [.transcript: StageInput(.empty(because: "no speech"))],
      [.transcript: StageInput(Transcript(origin: .speech, segments: []).json)],
    ] as [[ArtifactKind: StageInput]])
  func `nothing to say is an empty result with its reason`(inputs: [ArtifactKind: StageInput]) async throws {
    let run = try await StageRun(of: PassagesStage(), for: .audio, inputs)
    #expect(run.output?.emptyBecause?.contains("nothing to search for") == true)
  }

  @Test func `no passage holds a control character or is too long`() async throws {
    let labels = Labels(
      texts: [], description: String(repeating: "Ships\u{0}\u{7} in the harbour, again and again. ", count: 200))
    let passages = try await passages(.image, [.labels: StageInput(labels.json)])
    #expect(passages.count > 5)
    for passage in passages {
      #expect(passage.text.unicodeScalars.count <= PassageCutter.limit)
      #expect(!passage.text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
    }
  }

  @Test(arguments: ["0", "7", "41", "99"])
  func `an edited sentence of a hundred paragraphs changes one or two passages`(paragraph: String) async throws {
    let text = hundredParagraphs()
    let before = try await passages(ofText: text, name: "long.md")
    let edited = text.replacing("of paragraph \(paragraph) is", with: "of paragraph \(paragraph) was")
    try #require(edited != text)
    let after = try await passages(ofText: edited, name: "long.md")
    let changed = Set(after.map(\.text)).subtracting(before.map(\.text))
    #expect((1...2).contains(changed.count))
  }

  @Test func `what is no text is a permanent failure that says what it is`() async throws {
    let failure = await #expect(throws: StageFailure.self) {
      try await StageRun(of: PassagesStage(), for: .text, [:], text: Array("%PDF-1.7 ...".utf8), fileName: "a.pdf")
    }
    #expect(failure?.consequence == .permanent)
    #expect(failure?.message.contains("PDF") == true)
  }

  private func passages(
    _ mediaType: MediaType, _ inputs: [ArtifactKind: StageInput]
  ) async throws -> [PassageSet.Passage] {
    let run = try await StageRun(of: PassagesStage(), for: mediaType, inputs)
    return try PassageSet(json: #require(run.output).value).passages
  }

  private func passages(
    ofText text: String, name: String, title: String? = nil
  ) async throws -> [PassageSet.Passage] {
    let run = try await StageRun(
      of: PassagesStage(), for: .text, title.map { [.title: StageInput(.string($0))] } ?? [:],
      text: Array(text.utf8), fileName: name)
    return try PassageSet(json: #require(run.output).value).passages
  }
}

/// Markdown of a hundred paragraphs of four sentences each, no two alike.
func hundredParagraphs() -> String {
  (0..<100).map { paragraph in
    (paragraph % 20 == 0 ? "## Part \(paragraph)\n\n" : "")
      + (0..<4).map { "Sentence \($0) of paragraph \(paragraph) is about ships number \(paragraph * 7 + $0)." }
      .joined(separator: " ")
  }.joined(separator: "\n\n")
}

import Providers
import Subprocess
import TestSupport
import Testing

@Suite struct TesseractRecognizerTests {
  private static let header =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"

  @Test func `words of a line become one, in the box that holds them all`() {
    let lines = TesseractRecognizer.lines(
      Self.header + "1\t1\t0\t0\t0\t0\t0\t0\t1280\t720\t-1\t\n" + "5\t1\t2\t1\t1\t1\t100\t300\t50\t20\t90\tBelow\n"
        + "5\t1\t1\t1\t1\t1\t100\t200\t80\t30\t96.5\tHarbour\n" + "5\t1\t1\t1\t1\t2\t190\t195\t60\t40\t93.5\ttour\n")
    #expect(
      lines == [
        RecognizedLine(text: "Harbour tour", confidence: 0.95, x: 100, y: 195, width: 150, height: 40),
        RecognizedLine(text: "Below", confidence: 0.9, x: 100, y: 300, width: 50, height: 20),
      ])
  }

  @Test(arguments: [
    "5\t1\t1\t1\t1\t1\t1\t1\t5\t5\t30\tunsure\n", "5\t1\t1\t1\t1\t1\t1\t1\t5\t5\t95\t|\n",
    "5\t1\t1\t1\t1\t1\t1\t1\t5\t5\t95\ta\n", "5\t1\t1\n", "nonsense\n", "",
  ])
  func `patterns taken for letters are left out`(row: String) {
    #expect(TesseractRecognizer.lines(Self.header + row).isEmpty)
  }

  @Test(arguments: [("white", "0x203040"), ("black", "white"), ("yellow", "0x400040")])
  func `text is read on light and on dark grounds`(ink: String, ground: String) async throws {
    try await withFolder { folder in
      let path = "\(folder)/text.png"
      let text = "drawtext=font=DejaVu Sans:text='Quarterly revenue grew':fontsize=48:fontcolor=\(ink):x=60:y=100"
      let outcome = try await Command(
        "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", "color=c=\(ground):s=800x300", "-vf", text, "-frames:v", "1", path],
        deadline: .seconds(60)
      ).run()
      try #require(outcome.isSuccess, "\(outcome.standardError)")
      let recognizer = TesseractRecognizer(sandbox: try await Sandbox(mode: .preferred))
      let lines = try await recognizer.recognize(picture: path)
      #expect(lines.map(\.text) == ["Quarterly revenue grew"])
      #expect(lines.allSatisfy { (50...70).contains($0.x) && (90...130).contains($0.y) && $0.confidence > 0.8 })
    }
  }

  @Test func `what is no picture fails for good`() async throws {
    let recognizer = TesseractRecognizer(sandbox: try await Sandbox(mode: .off))
    let failure = await #expect(throws: ProviderFailure.self) {
      try await recognizer.recognize(picture: "/nowhere.png")
    }
    #expect(failure?.consequence == .permanent)
  }
}

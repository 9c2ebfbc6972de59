import Commands
import Concurrency
import FoundationEssentials
import JSON
import Operations
import Pipeline
import PostgreSQL
import TerminalOutput
import TestSupport
import Testing

@Suite struct StatusWatchTests {
  @Test func `a report is drawn with what waits, where it goes, what is paused and what runs`() throws {
    let talk = try AssetID(parsing: "talk")
    var sample = ActivitySample(
      at: Timestamp(millisecondsSince1970: 1_772_368_205_250),
      stages: [
        .init(name: "dispatch", live: 0, bulk: 0),
        .init(name: "transcribe", live: 12, bulk: 3, running: 2, parked: 1, dead: 0, concluded: 9, slots: 4),
        .init(name: "embed", live: 1, bulk: 0, dead: 7, concluded: 0, slots: 0),
      ])
    sample.workers = 2
    sample.outbox = .init(count: 4, oldestAge: .seconds(3))
    sample.brokerFailure = "it is away"
    sample.runs = [
      .init(
        stage: "transcribe", asset: talk, title: "A talk", progress: 0.629,
        duration: .seconds(75), attempt: 1, worker: "here/7")
    ]
    let report = ActivityReport(
      sample: sample,
      trends: [
        .init(drainsIn: .zero),
        .init(
          rate: 0.25, drainsIn: .seconds(90), utilisation: 0.5, oldest: .init(duration: .seconds(40), isAtLeast: true)),
        .init(rate: 12.4, oldest: .init(duration: .seconds(4000), isAtLeast: false)),
      ])
    let text = StatusView(report).text(for: Terminal(isTerminal: false, width: 80, usesColor: false))
    #expect(
      text == """
        2026-03-01T12:30:05.250Z · 2 workers · outbox 4 (the oldest for 3s)

        STAGE       LIVE  BULK   RATE   DRAINED  USED  OLDEST  RUNNING  PARKED  DEAD
        dispatch       0     0      –               –                0       0     0
        transcribe    12     3  0.3/s  in 1m30s   50%    >40s        2       1     0
        embed          1     0   12/s         –     –    1h6m        0       0     7
        the broker cannot be asked: it is away

        RUNNING     ASSET                                 TITLE   PROGRESS           FOR  ATTEMPT  WORKER
        transcribe  \(talk)  A talk  ██████░░░░  62%  1m15s        1  here/7
        and 1 more

        """)
  }

  @Test func `colours come only where the terminal takes them`() {
    let report = ActivityReport(
      sample: ActivitySample(at: .now, stages: [.init(name: "embed", dead: 1)]), trends: [.init()])
    func text(_ usesColor: Bool) -> String {
      StatusView(report).text(for: Terminal(isTerminal: true, width: 80, usesColor: usesColor))
    }
    #expect(text(true).contains("\u{1B}[31membed"))
    #expect(!text(false).contains("\u{1B}"))
  }

  @Test func `the watch goes on until it is interrupted, an object a look, and ends as done`() async throws {
    try await Library.with { library in
      let reelmill = library.reelmill
      try await reelmill.succeeds("pause", "embed", "--for", "1h", "--reason", "the model moves")
      _ = try await library.ingest(try library.write("note.txt", "The sun rises in the east."))
      let log = "\(library.folder)/watch.jsonl"
      var command = try reelmill.command(["status", "--watch", "--interval", "500ms", "--json"], deadline: nil)
      command.standardOutput = .file(path: log)
      try await command.withRunning { watch in
        try await library.working {
          try await eventually("the watch saw the work", within: .seconds(60)) {
            let looks = text(of: log).split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
            return looks.contains { $0["workers"] == 1 && $0["outbox"]?["count"] == 0 }
          }
        }
        await watch.send(.interrupt)
        #expect(await watch.outcome().termination == .exited(0))
      }
      let first = try #require(text(of: log).split(separator: "\n").first.map { try JSON(parsing: String($0)) })
      let pause = first["pauses"]?.array?.first
      #expect(pause?["stage"] == "embed" && pause?["reason"] == "the model moves" && pause?["until"] != nil)
      #expect(first["stages"]?.array?.first?["stage"] == "dispatch")
    }
  }

  @Test func `an interval without a watch is a mistake`() async throws {
    try await withFolder { folder in
      let answer = try await Reelmill(folder: folder)("status", "--interval", "1s")
      #expect(answer.code == 64 && answer.complaint.contains("--watch"))
    }
  }
}

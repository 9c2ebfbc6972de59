import JSON
import Operations
import Testing

@Suite struct JudgementTests {
  @Test func `versions are found in what programs say`() {
    #expect(SoftwareVersion(in: "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026")?.numbers == [5, 1, 9])
    #expect(SoftwareVersion(in: "ffmpeg version n7.0 Copyright")?.numbers == [7, 0])
    #expect(SoftwareVersion(in: "bubblewrap 0.8.0")?.numbers == [0, 8, 0])
    #expect(SoftwareVersion(in: "tool 7")?.numbers == [7])
    #expect(SoftwareVersion(in: "version 2 of tool 3.1")?.numbers == [3, 1])
    #expect(SoftwareVersion(in: "no number. at all") == nil)
  }

  @Test func `versions are compared number by number, and trailing zeros say nothing`() {
    #expect(SoftwareVersion(0, 10) > SoftwareVersion(0, 9))
    #expect(SoftwareVersion(5, 1) == SoftwareVersion(5, 1, 0))
    #expect(SoftwareVersion(5, 1).hashValue == SoftwareVersion(5, 1, 0).hashValue)
    #expect(SoftwareVersion(5) < SoftwareVersion(5, 0, 1))
    #expect(!(SoftwareVersion(5, 1, 0) < SoftwareVersion(5, 1)))
  }

  @Test func `a tool is missing, too old, broken or good`() throws {
    let ffmpeg = try #require(Tool.all.first { $0.name == "ffmpeg" })
    let missing = ffmpeg.judge(.missing)
    #expect(missing.verdict == .fail && missing.fix == "apt-get install ffmpeg")
    #expect(ffmpeg.judge(.version(SoftwareVersion(4, 4), path: "/usr/bin/ffmpeg")).verdict == .fail)
    #expect(ffmpeg.judge(.version(SoftwareVersion(5, 1, 9), path: "/usr/bin/ffmpeg")).verdict == .pass)
    #expect(ffmpeg.judge(.broken(path: "/usr/bin/ffmpeg", problem: "exited with code 127")).verdict == .fail)
    #expect(ffmpeg.judge(.present(path: "/usr/bin/ffmpeg")).verdict == .pass)
  }

  @Test func `a tool that a provider can replace is a warning when it is missing`() throws {
    let speech = try #require(Tool.all.first { $0.name == "pocketsphinx_continuous" })
    #expect(speech.judge(.missing).verdict == .warn)
    #expect(speech.judge(.missing).fix == "apt-get install pocketsphinx pocketsphinx-en-us")
    #expect(speech.judge(.broken(path: "/usr/bin/pocketsphinx_continuous", problem: "lacks a file")).verdict == .warn)
  }

  @Test func `a library that is too old is refused, and one that says nothing is passed over`() {
    func judge(_ version: String) -> Check.Verdict {
      LinkedLibrary(name: "libx", package: "libx1", version: version, minimum: SoftwareVersion(1, 2)).judge().verdict
    }
    #expect(judge("1.1") == .fail)
    #expect(judge("1.2.0") == .pass)
    #expect(judge("unknown") == .skip)
  }

  static let healthy = DatabaseFindings(
    serverVersion: 150_014, vector: SoftwareVersion(0, 8), availableVector: SoftwareVersion(0, 8),
    pendingMigrations: [], clockSkew: .milliseconds(-20), workerHosts: [])

  @Test func `a healthy database passes every check`() {
    #expect(Self.healthy.judge().map(\.verdict) == [.pass, .pass, .pass, .pass])
    #expect(Self.healthy.judge().first?.found == "PostgreSQL 15.14")
  }

  @Test func `each fault of a database fails its own check`() {
    func verdicts(_ change: (inout DatabaseFindings) -> Void) -> [Check.Verdict] {
      var findings = Self.healthy
      change(&findings)
      return findings.judge().map(\.verdict)
    }
    #expect(verdicts { $0.serverVersion = 140_009 } == [.fail, .pass, .pass, .pass])
    #expect(verdicts { $0.vector = SoftwareVersion(0, 7, 4) } == [.pass, .fail, .pass, .pass])
    #expect(verdicts { $0.vector = nil } == [.pass, .warn, .pass, .pass])
    #expect(verdicts { ($0.vector, $0.availableVector) = (nil, nil) } == [.pass, .fail, .pass, .pass])
    #expect(verdicts { $0.pendingMigrations = ["m0002_search"] } == [.pass, .pass, .fail, .pass])
    #expect(verdicts { $0.clockSkew = .seconds(6) } == [.pass, .pass, .pass, .warn])
    #expect(verdicts { $0.clockSkew = .seconds(-6) } == [.pass, .pass, .pass, .warn])
  }

  @Test func `a clock says in which direction it is wrong`() {
    var findings = Self.healthy
    findings.clockSkew = .milliseconds(7250)
    #expect(findings.judge().last?.found == "7.3 s behind the database's")
    findings.clockSkew = .milliseconds(-7250)
    #expect(findings.judge().last?.found == "7.3 s ahead of the database's")
  }

  @Test func `an old broker, a missing queue and a mismatch are told apart`() {
    let version = SoftwareVersion(3, 10, 8)
    #expect(BrokerFindings(product: "RabbitMQ", version: version).judge().map(\.verdict) == [.pass, .pass])
    #expect(BrokerFindings(product: "RabbitMQ", version: SoftwareVersion(3, 9)).judge()[0].verdict == .fail)
    #expect(BrokerFindings().judge()[0].verdict == .skip)
    #expect(BrokerFindings(version: version, missingQueues: ["a.live"]).judge()[1].verdict == .warn)
    #expect(BrokerFindings(version: version, missingQueues: ["b"], mismatch: "queue a").judge()[1].found == "queue a")
  }

  @Test func `a folder is judged by what is free, and by whether it takes a file`() {
    func judge(_ free: UInt64, _ problem: String? = nil) -> Check.Verdict {
      FolderFindings(path: "/blobs", problem: problem, free: free).judge().verdict
    }
    #expect(judge(100 << 30) == .pass)
    #expect(judge(5 << 30) == .warn)
    #expect(judge(100 << 20) == .fail)
    #expect(judge(100 << 30, "cannot write") == .fail)
  }

  @Test func `few open files are too few`() {
    #expect(OpenFileLimit(soft: 256, hard: 256).judge().verdict == .fail)
    #expect(OpenFileLimit(soft: 1024, hard: 524_288).judge().verdict == .warn)
    #expect(OpenFileLimit(soft: 1024, hard: 524_288).judge().fix?.hasPrefix("ulimit -n 65536") == true)
    #expect(OpenFileLimit(soft: .max, hard: .max).judge().found == "without limit")
  }

  @Test func `a taken port is a warning with the way to find its owner`() {
    #expect(PortFinding(name: "API", port: 8080, isFree: true).judge().verdict == .pass)
    let taken = PortFinding(name: "API", port: 8080, isFree: false).judge()
    #expect(taken.verdict == .warn && taken.fix?.contains("sport = :8080") == true)
  }

  @Test func `blobs in files are for one machine`() {
    #expect(SharedFiles(host: "a", workerHosts: []).judge().verdict == .pass)
    #expect(SharedFiles(host: "a", workerHosts: ["a"]).judge().verdict == .pass)
    #expect(SharedFiles(host: "a", workerHosts: ["a", "b"]).judge().verdict == .warn)
  }

  @Test func `a diagnosis is as bad as its worst check`() {
    let pass = PortFinding(name: "API", port: 1, isFree: true).judge()
    let warn = PortFinding(name: "API", port: 1, isFree: false).judge()
    let fail = OpenFileLimit(soft: 1, hard: 1).judge()
    #expect(Diagnosis(checks: []).verdict == .pass)
    #expect(Diagnosis(checks: [pass, warn, pass]).verdict == .warn)
    #expect(Diagnosis(checks: [pass, fail, warn]).verdict == .fail)
    #expect(Diagnosis(checks: [warn]).json["checks"]?.array?.first?["verdict"] == "warn")
  }
}

import Configuration
import TestSupport
import Testing

@Suite struct ResolvingTests {
  @Test func `with nothing set, everything has its default`() throws {
    let settings = try Sample.list.resolve()
    #expect(settings[Sample.prefetch] == 256)
    #expect(settings[Sample.deadline] == .seconds(300))
    #expect(settings[Sample.languages] == [])
    #expect(settings[Sample.apiKey] == nil)
    #expect(settings.entries.allSatisfy { $0.provenance == Provenance.default })
  }

  @Test func `a flag outweighs the environment, which outweighs the file`() throws {
    let file = try file("[amqp]\nprefetch = 1\n[worker]\ndeadline = \"1m\"\npatient = true")
    let settings = try Sample.list.resolve(
      flags: [SettingFlag(setting: "amqp.prefetch", text: "3", flag: "--set")],
      environment: ["REELMILL_AMQP_PREFETCH": "2", "REELMILL_WORKER_DEADLINE": "2m"], file: file)
    #expect(settings[Sample.prefetch] == 3)
    #expect(settings[Sample.deadline] == .seconds(120))
    #expect(settings[Sample.isPatient])
    #expect(
      settings.entries.map(\.provenance.description) == [
        "default", "flag --set", "environment REELMILL_WORKER_DEADLINE", "reelmill.toml:5", "default", "default",
      ])
  }

  @Test func `what was set makes a project file that sets it again, without what may be secret`() throws {
    let settings = try Sample.list.resolve(
      environment: [
        "REELMILL_AMQP_URL": "amqp://ada:s3cret@broker/", "REELMILL_SPEECH_API_KEY": "s3cret",
        "REELMILL_WORKER_LANGUAGES": #"a "b" \c"#, "REELMILL_AMQP_PREFETCH": "7",
      ])
    let (text, omitted) = Sample.list.projectFile(of: settings)
    #expect(omitted == ["amqp.url", "speech.api_key"])
    #expect(!text.contains("s3cret"))
    let again = try Sample.list.resolve(file: file(text))
    #expect(again[Sample.prefetch] == 7)
    #expect(again[Sample.languages] == settings[Sample.languages])
    #expect(again[Sample.deadline] == .seconds(300))
  }

  @Test func `an empty variable counts as not set`() throws {
    #expect(try Sample.list.resolve(environment: ["REELMILL_AMQP_PREFETCH": ""])[Sample.prefetch] == 256)
  }

  @Test func `a secret may come from a file that a variable names`() async throws {
    try await withFolder { folder in
      let path = folder + "/key"
      try write("s3cret\n", to: path)
      let settings = try Sample.list.resolve(environment: ["REELMILL_SPEECH_API_KEY_FILE": path])
      #expect(settings[Sample.apiKey] == "s3cret")
      #expect(
        settings.entries.last?.provenance == .environmentFile(variable: "REELMILL_SPEECH_API_KEY_FILE", path: path))
    }
  }

  @Test func `a secret's file that cannot be read is named with its variable`() {
    let error = #expect(throws: ConfigurationError.self) {
      try Sample.list.resolve(environment: ["REELMILL_SPEECH_API_KEY_FILE": "/nowhere/key"])
    }
    #expect(
      error?.problems == ["REELMILL_SPEECH_API_KEY_FILE: cannot read /nowhere/key: No such file or directory"])
  }

  @Test func `a secret set twice is a mistake`() {
    let error = #expect(throws: ConfigurationError.self) {
      try Sample.list.resolve(environment: ["REELMILL_SPEECH_API_KEY_FILE": "/x", "REELMILL_SPEECH_API_KEY": "k"])
    }
    #expect(error?.problems.first?.contains("both set") == true)
  }

  @Test func `everything that is wrong is told in one go, with place and remedy`() throws {
    let file = try file("[amqp]\nprefetch = 0\nprefech = 5\n")
    let error = #expect(throws: ConfigurationError.self) {
      try Sample.list.resolve(
        flags: [SettingFlag(setting: "worker.deadlin", text: "1m", flag: "--set")],
        environment: ["REELMILL_WORKER_PATIENT": "yes", "REELMILL_WORKER_DEADLINE": "2h"], file: file)
    }
    #expect(
      error?.problems == [
        "flag --set: there is no setting 'worker.deadlin'; did you mean 'worker.deadline'?",
        "reelmill.toml:3:1: there is no setting 'amqp.prefech'; did you mean 'amqp.prefetch'?",
        "reelmill.toml:2: amqp.prefetch: expected a whole number, 1 to 1000, got '0'",
        "environment REELMILL_WORKER_DEADLINE: worker.deadline: expected a duration like 90s, 5m or 1h30m, 1s to 1h, "
          + "got '2h'",
        "environment REELMILL_WORKER_PATIENT: worker.patient: expected true or false, got 'yes'",
      ])
  }

  @Test func `a variable that looks like a setting is warned of`() throws {
    let settings = try Sample.list.resolve(environment: ["REELMILL_AMPQ_URL": "x", "PATH": "/bin"])
    #expect(
      settings.warnings == [
        "environment REELMILL_AMPQ_URL: there is no such setting; did you mean 'REELMILL_AMQP_URL'?"
      ])
  }

  @Test func `no secret is shown, neither in the list nor in an error`() throws {
    let settings = try Sample.list.resolve(environment: [
      "REELMILL_AMQP_URL": "amqp://user:hunter2@broker/v", "REELMILL_SPEECH_API_KEY": "hunter2",
    ])
    #expect(settings[Sample.broker].contains("hunter2") && settings[Sample.apiKey] == "hunter2")
    #expect(settings.entries.first?.shownValue == "amqp://user:***@broker/v")
    #expect(settings.entries.last?.shownValue == "***")

    let error = #expect(throws: ConfigurationError.self) {
      try Sample.list.resolve(environment: ["REELMILL_AMQP_URL": "amqq://user:hunter2@broker/v"])
    }
    #expect(error?.description.contains("hunter2") == false && error?.description.contains("amqp://") == true)
  }

  @Test func `the documentation has a row for each setting, by section`() {
    #expect(
      Sample.list.markdownTables.hasPrefix(
        """
        ### amqp

        | setting | environment | default | what it is |
        |---|---|---|---|
        | `amqp.url` | `REELMILL_AMQP_URL`<br>`REELMILL_AMQP_URL_FILE` | `amqp://guest:***@127.0.0.1/` | The broker. \
        Expected: a URL that begins with amqp:// or amqps://. |
        | `amqp.prefetch` | `REELMILL_AMQP_PREFETCH` | `256` | Messages taken ahead. Expected: a whole number, 1 to 1000. |

        ### worker

        """))
    #expect(Sample.list.markdownTables.contains("The longest \\| run."))
  }

  @Test func `the documentation has settings without a section first, and one table a section`() {
    func setting(_ name: String) -> Setting<Bool> {
      Setting(name, environment: "REELMILL_\(name)", .boolean, default: false, help: "Help.")
    }
    let names = ["b.one", "a", "c.one", "b.two", "d"]
    let list = SettingList(environmentPrefix: "REELMILL_", names.map(setting))
    let lines = list.markdownTables.split(separator: "\n").filter { $0.hasPrefix("### ") || $0.hasPrefix("| `") }
    #expect(lines.map { $0.prefix(7) } == ["| `a` |", "| `d` |", "### b", "| `b.on", "| `b.tw", "### c", "| `c.on"])
  }
}

import Glibc
import Subprocess
import TestSupport
import Testing

@Suite struct CommandTests {
  func shell(_ script: String, deadline: Duration = .seconds(20)) -> Command {
    Command("/bin/sh", ["-c", script], deadline: deadline)
  }

  func text(_ outcome: ProcessOutcome) -> String { String(decoding: outcome.standardOutput, as: UTF8.self) }

  @Test(arguments: [0, 1, 42, 255] as [Int32])
  func `an exit code is a value`(code: Int32) async throws {
    let outcome = try await shell("exit \(code)").run()
    #expect(outcome.termination == .exited(code))
    #expect(outcome.isSuccess == (code == 0))
  }

  @Test(arguments: [15, 9, 11] as [Int32])
  func `the signal that ended a program is a value`(signal: Int32) async throws {
    #expect(try await shell("kill -\(signal) $$").run().termination == .signalled(signal))
  }

  @Test func `output and complaints are collected apart`() async throws {
    let outcome = try await shell("echo out; echo err >&2").run()
    #expect(text(outcome) == "out\n")
    #expect(outcome.standardError == "err\n")
  }

  @Test func `arguments arrive as they are`() async throws {
    let arguments = ["", "a b", "$HOME", "'", "ü\n", "--"]
    let outcome = try await Command("/usr/bin/printf", ["%s|"] + arguments, deadline: .seconds(5)).run()
    #expect(text(outcome) == arguments.map { $0 + "|" }.joined())
  }

  @Test func `input comes from bytes, a file or nowhere`() async throws {
    var command = Command("/bin/cat", deadline: .seconds(5))
    #expect(text(try await command.run()) == "")
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    command.standardInput = .bytes(bytes)
    #expect(try await command.run().standardOutput == bytes)
    try await withFolder { folder in
      var write = shell("echo from a file")
      write.standardOutput = .file(path: folder + "/out")
      let written = try await write.run()
      #expect(written.standardOutput.isEmpty)
      command.standardInput = .file(path: folder + "/out")
      let read = try await command.run()
      #expect(text(read) == "from a file\n")
    }
  }

  @Test func `input that the program does not read is no error`() async throws {
    var command = Command("/bin/true", deadline: .seconds(5))
    command.standardInput = .bytes([UInt8](repeating: 0, count: 1 << 20))
    #expect(try await command.run().isSuccess)
  }

  @Test func `output up to the limit is taken, one byte more kills the program`() async throws {
    var command = shell("head -c 1000 /dev/zero")
    command.standardOutput = .collect(limit: 1000)
    #expect(try await command.run().isSuccess)
    command = shell("cat /dev/zero")
    command.standardOutput = .collect(limit: 1000)
    let outcome = try await command.run()
    #expect(outcome.termination == .exceededOutputLimit)
    #expect(outcome.standardOutput.count == 1000)
  }

  @Test func `only the end of many complaints is kept`() async throws {
    var command = shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done >&2")
    command.standardError = .tail(limit: 100)
    let tail = try await command.run().standardError
    #expect(tail.utf8.count == 100)
    #expect(tail.hasSuffix("line 19998\nline 19999\n"))
  }

  @Test func `complaints can go to the end of a file`() async throws {
    try await withFolder { folder in
      var command = shell("echo again >&2")
      command.standardError = .file(path: folder + "/log")
      for _ in 0..<2 { _ = try await command.run() }
      let log = try await Command("/bin/cat", [folder + "/log"], deadline: .seconds(5)).run()
      #expect(text(log) == "again\nagain\n")
    }
  }

  @Test func `a program sees the environment it is given and nothing else`() async throws {
    let command = Command("/usr/bin/env", environment: ["ONLY": "this=that"], deadline: .seconds(5))
    #expect(text(try await command.run()) == "ONLY=this=that\n")
  }

  @Test func `a program runs in the folder it is given`() async throws {
    #expect(text(try await shell("pwd").run()) == "/\n")
    var command = shell("pwd")
    command.workingDirectory = "/usr"
    #expect(text(try await command.run()) == "/usr\n")
  }

  @Test func `a program has the three standard descriptors and no other`() async throws {
    // Others are open here meanwhile, this one even without the flag that closes it.
    let inheritable = try #require(fopen("/dev/null", "r"))
    defer { fclose(inheritable) }
    let outcome = try await Command("/bin/ls", ["/proc/self/fd"], deadline: .seconds(5)).run()
    // ls itself opens the folder.
    #expect(text(outcome) == "0\n1\n2\n3\n")
  }

  @Test func `a program leads a session and group of its own`() async throws {
    let outcome = try await shell("cut -d' ' -f1,5,6 /proc/$$/stat").run()
    let numbers = text(outcome).split { " \n".contains($0) }
    #expect(numbers.count == 3)
    #expect(Set(numbers).count == 1)
  }

  @Test func `a signal that we ignore is not ignored by a program`() async throws {
    signal(SIGPIPE, SIG_IGN)
    #expect(try await shell("kill -PIPE $$").run().termination == .signalled(SIGPIPE))
  }

  @Test func `a hundred programs at once end each in its own way`() async throws {
    try await withThrowingTaskGroup { group in
      for number in 0..<100 as Range<Int32> {
        group.addTask {
          let outcome = try await shell("echo \(number); exit \(number)").run()
          #expect(outcome.termination == .exited(number))
          #expect(text(outcome) == "\(number)\n")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a program that cannot start says why`() async throws {
    let missing = await #expect(throws: SubprocessError.self) {
      try await Command("/none/of/this", deadline: nil).run()
    }
    #expect(missing?.reason == .notFound)
    #expect(missing?.description == "cannot execute /none/of/this: No such file or directory")
    let unknown = await #expect(throws: SubprocessError.self) {
      try await Command("surely-no-program", deadline: nil).run()
    }
    #expect(unknown?.description == "cannot find the program 'surely-no-program' in PATH")
    let folder = await #expect(throws: SubprocessError.self) { try await Command("/usr", deadline: nil).run() }
    #expect(folder?.description == "cannot execute /usr: Permission denied")
    let place = await #expect(throws: SubprocessError.self) {
      try await Command("/bin/true", workingDirectory: "/none", deadline: nil).run()
    }
    #expect(place?.description == "cannot enter the working directory of /bin/true: No such file or directory")
    let input = await #expect(throws: SubprocessError.self) {
      try await Command("/bin/true", standardInput: .file(path: "/none"), deadline: nil).run()
    }
    #expect(input?.description == "cannot open /none for /bin/true: No such file or directory")
  }

  @Test func `a program is found by name along a path`() {
    #expect(findExecutable("sh", searchPath: "/none:relative:/bin") == "/bin/sh")
    #expect(findExecutable("sh", searchPath: "/none") == nil)
    #expect(findExecutable("passwd", searchPath: "/etc") == nil)
    #expect(findExecutable("/bin/sh") == "/bin/sh")
    #expect(findExecutable("") == nil)
  }
}

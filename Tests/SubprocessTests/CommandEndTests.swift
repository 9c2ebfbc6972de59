import Glibc
import Subprocess
import TestSupport
import Testing

/// How programs that do not end by themselves are ended.
@Suite struct CommandEndTests {
  /// Ignores TERM, leaves a child behind that does too, prints both numbers and never ends.
  static let stubborn = """
    trap '' TERM; sh -c 'trap "" TERM; while true; do sleep 100; done' & echo $$ $!; while true; do sleep 100; done
    """

  func isAlive(_ pid: Int32) -> Bool {
    // Of a zombie, which waits for its new parent, kill would say that it lives.
    guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { fclose(file) }
    var line = [UInt8](repeating: 0, count: 512)
    let count = fread(&line, 1, line.count, file)
    let state = String(decoding: line[..<count], as: UTF8.self).split(separator: ") ").last?.first
    return state != nil && state != "Z" && state != "X"
  }

  @Test func `at the deadline the whole group is killed, also who ignores requests`() async throws {
    let outcome = try await Command("/bin/sh", ["-c", Self.stubborn], deadline: .milliseconds(300)).run()
    #expect(outcome.termination == .timedOut)
    let numbers = String(decoding: outcome.standardOutput, as: UTF8.self).split { " \n".contains($0) }
    #expect(numbers.count == 2)
    for number in numbers {
      let pid = try #require(Int32(number))
      try await eventually("process \(pid) is gone") { !isAlive(pid) }
    }
  }

  @Test func `what a program leaves behind in its group is killed at its end`() async throws {
    let outcome = try await Command("/bin/sh", ["-c", "sleep 100 & echo $!"], deadline: .seconds(20)).run()
    #expect(outcome.termination == .exited(0))
    let text = String(decoding: outcome.standardOutput, as: UTF8.self)
    let pid = try #require(Int32(text.prefix { $0 != "\n" }))
    try await eventually("process \(pid) is gone") { !isAlive(pid) }
  }

  @Test func `who left the group and holds the output open does not hold us up`() async throws {
    let outcome = try await Command("/bin/sh", ["-c", "setsid sleep 5 & echo done"], deadline: .seconds(20)).run()
    #expect(outcome.termination == .exited(0))
    #expect(String(decoding: outcome.standardOutput, as: UTF8.self) == "done\n")
  }

  @Test func `cancelling the task kills the group`() async throws {
    try await withFolder { folder in
      var command = Command("/bin/sh", ["-c", Self.stubborn], deadline: .seconds(60))
      command.standardOutput = .file(path: folder + "/pids")
      let task = Task { [command] in try await command.run() }
      var pids: [Int32] = []
      try await eventually("both processes run") {
        let read = try await Command("/bin/cat", [folder + "/pids"], deadline: .seconds(5)).run()
        let text = String(decoding: read.standardOutput, as: UTF8.self)
        pids = text.hasSuffix("\n") ? text.split { " \n".contains($0) }.compactMap { Int32($0) } : []
        return pids.count == 2
      }
      task.cancel()
      #expect(try await task.value.termination == .cancelled)
      for pid in pids { try await eventually("process \(pid) is gone") { !isAlive(pid) } }
    }
  }

  @Test func `a task that was cancelled before kills what it starts`() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await Command("/bin/sleep", ["100"], deadline: .seconds(60)).run()
    }
    #expect(try await task.value.termination == .cancelled)
  }

  @Test func `output is handed over while the program runs`() async throws {
    struct Enough: Error {}
    let command = Command("/bin/sh", ["-c", "echo first; sleep 100"], deadline: .seconds(60))
    await #expect(throws: Enough.self) {
      _ = try await command.run { bytes in
        #expect(bytes == Array("first\n".utf8))
        throw Enough()
      }
    }
  }

  @Test func `all output is handed over in order, also to a slow handler`() async throws {
    let command = Command("/usr/bin/seq", ["1", "300000"], deadline: .seconds(60))
    var received: [UInt8] = []
    let outcome = try await command.run { bytes in
      #expect(bytes.count <= 2 << 20)
      await Task.yield()
      received += bytes
    }
    #expect(outcome.isSuccess)
    #expect(received == Array((1...300_000).map { "\($0)\n" }.joined().utf8))
  }

  @Test func `a serving program is signalled, and killed at the end of its scope`() async throws {
    let server = Command("/bin/sleep", ["100"], deadline: nil)
    let outcome = try await server.withRunning { child in
      #expect(await child.processIdentifier != nil)
      await child.send(.terminate)
      return await child.outcome()
    }
    #expect(outcome.termination == .signalled(SIGTERM))
    let pid = try await server.withRunning { child in try #require(await child.processIdentifier) }
    #expect(!isAlive(pid))
  }

  @Test func `limits hold`() async throws {
    var memory = Command("/usr/bin/python3", ["-c", "bytearray(400 << 20)"], deadline: .seconds(30))
    #expect(try await memory.run().isSuccess)
    memory.limits.addressSpace = 200 << 20
    let outcome = try await memory.run()
    #expect(outcome.termination == .exited(1))
    #expect(outcome.standardError.contains("MemoryError"))

    var busy = Command("/bin/sh", ["-c", "while :; do :; done"], deadline: .seconds(30))
    busy.limits.cpuSeconds = 1
    #expect(try await busy.run().termination == .signalled(SIGKILL))

    try await withFolder { folder in
      var big = Command("/bin/dd", ["if=/dev/zero", "of=\(folder)/big", "bs=1k", "count=100"], deadline: .seconds(30))
      big.limits.fileSize = 10 << 10
      let outcome = try await big.run()
      #expect(outcome.termination == .signalled(SIGXFSZ))
    }

    var open = Command("/bin/sh", ["-c", "ulimit -n; nice; ulimit -c"], deadline: .seconds(5))
    open.limits.openFiles = 77
    open.niceness = 7
    #expect(try await open.run().standardOutput == Array("77\n7\n0\n".utf8))
  }

  @Test func `a program dies when its parent is killed`() async throws {
    // The signal is set for the thread that starts all programs, so here it is enough that it is set.
    let script = "import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(n)); print(n.value)"
    var command = Command("/usr/bin/python3", ["-c", script], deadline: .seconds(30))
    #expect(try await command.run().standardOutput == Array("9\n".utf8))
    command.parentDeathSignal = .terminate
    #expect(try await command.run().standardOutput == Array("15\n".utf8))
    command.parentDeathSignal = nil
    #expect(try await command.run().standardOutput == Array("0\n".utf8))
  }
}

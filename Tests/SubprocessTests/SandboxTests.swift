import Glibc
import Subprocess
import TestSupport
import Testing

/// Needs a machine where bubblewrap works, as development machines do.
@Suite struct SandboxTests {
  func run(
    _ script: String, readable: [String] = [], writable: String? = nil, environment: [String: String] = [:]
  ) async throws -> ProcessOutcome {
    let sandbox = try await Sandbox(mode: .required)
    let command = Command("/bin/sh", ["-c", script], environment: environment, deadline: .seconds(20))
    return try await sandbox.confine(command, readable: readable, writable: writable).run()
  }

  func text(_ outcome: ProcessOutcome) -> String { String(decoding: outcome.standardOutput, as: UTF8.self) }

  @Test func `the system's programs run, with code and output`() async throws {
    let outcome = try await run("echo out; echo err >&2; exit 3")
    #expect(outcome.termination == .exited(3))
    #expect(text(outcome) == "out\n")
    #expect(outcome.standardError == "err\n")
  }

  @Test func `other files are not there`() async throws {
    let outcome = try await run("cat /etc/passwd; ls /home /root /var; ls /")
    #expect(!text(outcome).contains("root:"))
    #expect(
      Set(text(outcome).split(separator: "\n")).isSubset(of: [
        "bin", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr",
      ]))
  }

  @Test func `the network is not there`() async throws {
    let outcome = try await run("cut -d: -f1 /proc/net/dev | tail -n +3")
    #expect(text(outcome).split { " \n".contains($0) } == ["lo"])
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(server) }
    #expect(listen(server, 1) == 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(server, $0, &length) }
    }
    let script = "import socket; socket.create_connection(('127.0.0.1', \(UInt16(bigEndian: address.sin_port))), 5)"
    let connect = Command("/usr/bin/python3", ["-c", script], deadline: .seconds(20))
    #expect(try await connect.run().isSuccess)
    #expect(try await !Sandbox(mode: .required).confine(connect).run().isSuccess)
  }

  @Test func `other processes are not there`() async throws {
    let outcome = try await run("ls /proc | grep -c '^[0-9]'; kill -0 \(getpid()) && echo seen")
    #expect(!text(outcome).contains("seen"))
  }

  @Test func `inputs can be read but not written, and one folder can`() async throws {
    try await withFolder { folder in
      #expect(mkdir(folder + "/out", 0o755) == 0)
      let prepared = try await Command("/bin/sh", ["-c", "echo input > \(folder)/in"], deadline: .seconds(5)).run()
      #expect(prepared.isSuccess)
      let script = "cat \(folder)/in > made; pwd; echo x > \(folder)/in; echo x > \(folder)/other; echo x > /usr/x"
      let outcome = try await run(script, readable: [folder + "/in"], writable: folder + "/out")
      #expect(text(outcome) == folder + "/out\n")
      let after = try await Command("/bin/cat", [folder + "/in", folder + "/out/made"], deadline: .seconds(5)).run()
      #expect(text(after) == "input\ninput\n")
      #expect(access(folder + "/other", F_OK) != 0)
    }
  }

  @Test func `the environment is the command's`() async throws {
    let sandbox = try await Sandbox(mode: .required)
    let command = Command("/usr/bin/env", environment: ["A": "b=c"], deadline: .seconds(5))
    let lines = text(try await sandbox.confine(command).run()).split(separator: "\n").filter { !$0.hasPrefix("PWD=") }
    #expect(lines == ["A=b=c"])
  }

  @Test func `at the deadline nothing survives inside`() async throws {
    // A session of its own is out of the group's reach, but not out of the sandbox's.
    let marker = "7654\(getpid())"
    let sandbox = try await Sandbox(mode: .required)
    let script = "setsid sleep \(marker) & trap '' TERM; sleep \(marker)"
    let command = Command("/bin/sh", ["-c", script], deadline: .milliseconds(500))
    #expect(try await sandbox.confine(command).run().termination == .timedOut)
    try await eventually("no process is left") {
      try await !Command("/usr/bin/pgrep", ["-f", "^sleep \(marker)"], deadline: .seconds(5)).run().isSuccess
    }
  }

  @Test func `without a sandbox the command stays as it is`() async throws {
    let sandbox = try await Sandbox(mode: .off)
    #expect(!sandbox.isActive)
    #expect(sandbox.confine(Command("/bin/true", deadline: nil)).executable == "/bin/true")
  }
}

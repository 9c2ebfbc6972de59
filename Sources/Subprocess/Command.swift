package import Concurrency

/// An external program and how it is to run. Nothing is inherited that is not said here.
package struct Command: Sendable {
  /// What the program reads.
  package enum StandardInput: Sendable {
    /// It is at its end at once.
    case none
    case bytes([UInt8])
    case file(path: String)
  }

  /// Where the program's output goes.
  package enum StandardOutput: Sendable {
    case discard
    /// Into ``ProcessOutcome/standardOutput``; with more bytes than `limit` the program is killed.
    case collect(limit: Int)
    /// Into a file, which is made or cut to nothing first.
    case file(path: String)
  }

  /// Where the program's complaints go.
  package enum StandardError: Sendable {
    /// The last bytes, at most `limit`, into ``ProcessOutcome/standardError``.
    case tail(limit: Int)
    /// To the end of a file, which is made if missing.
    case file(path: String)
  }

  /// What the kernel holds the program to (`setrlimit`); nil is no limit of that kind. Core dumps are never written.
  package struct Limits: Sendable, Equatable {
    /// Bytes of address space of each process.
    package var addressSpace: UInt64?
    /// Seconds of CPU time of each process, after which it is killed.
    package var cpuSeconds: UInt64?
    /// Bytes of each file it writes.
    package var fileSize: UInt64?
    /// Descriptors of each process.
    package var openFiles: UInt64?
    /// Processes and threads of its user, ours included.
    package var processes: UInt64?

    package init(
      addressSpace: UInt64? = nil, cpuSeconds: UInt64? = nil, fileSize: UInt64? = nil, openFiles: UInt64? = nil,
      processes: UInt64? = nil
    ) {
      self.addressSpace = addressSpace
      self.cpuSeconds = cpuSeconds
      self.fileSize = fileSize
      self.openFiles = openFiles
      self.processes = processes
    }
  }

  /// A path; a name without a slash is looked for in our own `PATH`.
  package var executable: String
  /// The arguments after the program's name.
  package var arguments: [String]
  /// All of the environment that the program sees.
  package var environment: [String: String]
  package var workingDirectory: String
  package var standardInput: StandardInput
  package var standardOutput: StandardOutput
  package var standardError: StandardError
  package var limits: Limits
  /// 0 is normal, 19 the least urgent.
  package var niceness: Int
  /// When the program and all of its process group are killed, counted from the start; nil is never.
  package var deadline: Duration?
  /// What the program receives when we die by whatever cause; nil is nothing. Its own children do not receive it.
  package var parentDeathSignal: Signal?

  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    workingDirectory: String = "/", standardInput: StandardInput = .none,
    standardOutput: StandardOutput = .collect(limit: 1 << 20), standardError: StandardError = .tail(limit: 16 << 10),
    limits: Limits = Limits(), niceness: Int = 0, deadline: Duration?, parentDeathSignal: Signal? = .kill
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.standardInput = standardInput
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.limits = limits
    self.niceness = niceness
    self.deadline = deadline
    self.parentDeathSignal = parentDeathSignal
  }
}

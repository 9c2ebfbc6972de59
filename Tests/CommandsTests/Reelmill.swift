import Concurrency
import FoundationEssentials
import Glibc
import JSON
import Subprocess
import Testing

/// The program as people run it: the built executable, as a process of its own, with an environment that says all.
struct Reelmill: Sendable {
  /// The current folder of the commands.
  let folder: String
  var environment: [String: String]

  /// How long a command may take that is not told otherwise.
  static let patience = Duration.seconds(120)

  /// - Parameter settings: what is set in the environment beside `REELMILL_FOLDER` and the embedding model.
  init(folder: String, settings: [String: String] = [:]) throws {
    self.folder = folder
    environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
      "REELMILL_FOLDER": "\(folder)/.reelmill", "REELMILL_MODEL_FOLDER": Self.modelFolder,
    ].merging(settings) { $1 }
  }

  /// Runs a command to its end.
  @discardableResult
  func callAsFunction(
    _ arguments: String..., input: Command.StandardInput = .none, deadline: Duration = Self.patience
  ) async throws -> Answer {
    try await Answer(command(arguments, input: input, deadline: deadline).run())
  }

  /// Runs a command that must succeed.
  ///
  /// - Throws: ``Unexpected`` with its complaint.
  @discardableResult
  func succeeds(_ arguments: String..., input: Command.StandardInput = .none) async throws -> Answer {
    let answer = try await Answer(command(arguments, input: input, deadline: Self.patience).run())
    guard answer.code == 0 else {
      throw Unexpected("reelmill \(arguments.joined(separator: " ")) \(answer.termination): \(answer.complaint)")
    }
    return answer
  }

  /// Runs a shell script in which `reelmill` is the program.
  func shell(_ script: String, deadline: Duration = Self.patience) async throws -> Answer {
    var command = Command(
      "/bin/bash", ["-c", script], environment: environment, workingDirectory: folder, deadline: deadline)
    command.environment["PATH"] = "\(try Self.programs):\(environment["PATH"] ?? "")"
    return try await Answer(command.run())
  }

  func command(
    _ arguments: [String], input: Command.StandardInput = .none, deadline: Duration?
  ) throws -> Command {
    Command(
      try Self.executable, arguments, environment: environment, workingDirectory: folder, standardInput: input,
      standardOutput: .collect(limit: 16 << 20), standardError: .tail(limit: 256 << 10), deadline: deadline)
  }

  /// The same program with another environment.
  func with(_ settings: [String: String?]) -> Reelmill {
    var copy = self
    for (name, value) in settings { copy.environment[name] = value }
    return copy
  }
}

extension Reelmill {
  /// The folder of what was built, this test among it.
  static var programs: String {
    get throws {
      guard let path = realpath("/proc/self/exe", nil) else { throw Unexpected("/proc/self/exe cannot be read") }
      defer { free(path) }
      let test = String(cString: path)
      // `swift test` may run the tests inside a helper of the toolchain, with the bundle as an argument.
      let candidates = [test] + CommandLine.arguments.filter { $0.contains(".xctest") }
      for candidate in candidates {
        var folder = URL(filePath: candidate)
        while folder.path != "/" {
          folder.deleteLastPathComponent()
          if isProgram(folder.appending(path: "reelmill").path) {
            return folder.path
          }
        }
      }
      throw Unexpected("there is no executable `reelmill` beside \(test): swift build")
    }
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  static var executable: String { get throws { "\(try programs)/reelmill" } }

  /// The embedding model that `scripts/fetch-model` fetched, or that `REELMILL_TEST_MODEL` names.
  static var modelFolder: String {
    ProcessInfo.processInfo.environment["REELMILL_TEST_MODEL"] ?? "\(project)/.reelmill/models/all-MiniLM-L6-v2"
  }

  /// The checkout that the tests were built from.
  static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
}

/// What a command printed, and how it ended.
struct Answer: Sendable {
  let termination: ProcessOutcome.Termination
  /// What it printed as data.
  let output: String
  /// What it said beside that.
  let complaint: String

  init(_ outcome: ProcessOutcome) {
    termination = outcome.termination
    output = String(decoding: outcome.standardOutput, as: UTF8.self)
    complaint = outcome.standardError
  }

  /// The exit code; nil if it did not end by itself.
  var code: Int32? {
    guard case .exited(let code) = termination else { return nil }
    return code
  }

  /// The output as one value.
  var json: JSON { get throws { try JSON(parsing: output) } }

  /// The output as a value a line.
  var jsonLines: [JSON] {
    get throws { try output.split(separator: "\n").map { try JSON(parsing: String($0)) } }
  }
}

/// A step of a test went wrong before it came to what it tests.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

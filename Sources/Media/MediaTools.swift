package import Subprocess

/// ffmpeg and ffprobe as Reelmill uses them on files that strangers made: only formats on a list, only files, bounded
/// pictures, bounded time, bounded memory, and a sandbox where the machine has one.
package struct MediaTools: Sendable {
  /// How long programs may run before they are killed.
  package struct Deadlines: Sendable {
    /// For looking at the beginning of a file.
    package var look: Duration
    /// For going through a whole file. Far below the broker's acknowledgement timeout of 30 minutes.
    package var work: Duration

    package init(look: Duration = .seconds(60), work: Duration = .seconds(15 * 60)) {
      self.look = look
      self.work = work
    }
  }

  /// Pictures with more pixels are not decoded.
  package static let maximumPixels = 100_000_000

  let deadlines: Deadlines
  private let sandbox: Sandbox
  private let ffmpeg: String
  private let ffprobe: String

  /// - Parameters:
  ///   - sandbox: what the programs are confined by.
  ///   - ffmpeg: the program; a name is looked for in `PATH`.
  ///   - ffprobe: the program; a name is looked for in `PATH`.
  /// - Throws: `toolMissing`, with what to install.
  package init(
    sandbox: Sandbox, ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe", deadlines: Deadlines = Deadlines()
  ) throws(MediaError) {
    self.sandbox = sandbox
    self.ffmpeg = try Self.find(ffmpeg)
    self.ffprobe = try Self.find(ffprobe)
    self.deadlines = deadlines
  }

  private static func find(_ name: String) throws(MediaError) -> String {
    guard let path = findExecutable(name) else {
      throw MediaError(.toolMissing, "cannot find the program '\(name)' in PATH; install ffmpeg")
    }
    return path
  }

  /// What a program is run for.
  struct Job {
    /// The arguments after those that every run has.
    var arguments: [String]
    /// The foreign file.
    var input: MediaInput
    /// The folder that it works in and may write to, if it writes at all.
    var folder: String?
    /// Bytes that it may print.
    var outputLimit = 4 << 20
    var deadline: Duration
  }

  /// Looks into the input with ffprobe.
  func probe(_ job: Job) async throws(MediaError) -> ProcessOutcome {
    try await run(ffprobe, ["-v", "error"] + job.input.options + job.arguments + [job.input.url], job)
  }

  /// Converts the input with ffmpeg. `job.arguments` come after the input: maps, filters and outputs.
  ///
  /// - Parameter inputOptions: more options for the decoder of the input.
  func convert(_ job: Job, inputOptions: [String] = []) async throws(MediaError) -> ProcessOutcome {
    let arguments =
      ["-nostdin", "-hide_banner", "-nostats", "-y", "-v", "error", "-threads", "2", "-filter_threads", "1"]
      + inputOptions + job.input.options + ["-i", job.input.url] + job.arguments
    return try await run(ffmpeg, arguments, job)
  }

  /// Address space of one process. A hostile picture below ``maximumPixels`` decodes within it.
  private static let addressSpace: UInt64 = 4 << 30
  /// Bytes of one file that is written: eight hours of 16 kHz audio are 0.9 GB.
  static let largestOutput = 2 << 30

  private func run(_ program: String, _ arguments: [String], _ job: Job) async throws(MediaError) -> ProcessOutcome {
    let command = sandbox.confine(
      Command(
        program, arguments, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
        workingDirectory: job.folder ?? "/", standardOutput: .collect(limit: job.outputLimit),
        limits: Command.Limits(
          addressSpace: Self.addressSpace, fileSize: UInt64(Self.largestOutput), openFiles: 256),
        deadline: job.deadline),
      readable: [job.input.path], writable: job.folder)
    let outcome: ProcessOutcome
    do throws(SubprocessError) {
      outcome = try await command.run()
    } catch {
      throw MediaError(.toolMissing, "\(error); install ffmpeg")
    }
    try Self.check(outcome, of: program, deadline: job.deadline)
    return outcome
  }

  private static func check(_ outcome: ProcessOutcome, of program: String, deadline: Duration) throws(MediaError) {
    let name = program.split(separator: "/").last ?? "ffmpeg"
    let complaint = outcome.standardError.isEmpty ? nil : outcome.standardError
    switch outcome.termination {
    case .exited(0): return
    case .exited(let code):
      guard complaint?.contains("Picture size ") != true else {
        throw MediaError(
          .tooManyPixels, "the picture has more than \(maximumPixels / 1_000_000) megapixels; scale it down",
          detail: complaint)
      }
      throw MediaError(.unreadable, "\(name) could not read the file (it exited with \(code))", detail: complaint)
    case .timedOut: throw MediaError(.timedOut, "\(name) was killed after \(deadline)", detail: complaint)
    case .cancelled: throw MediaError(.cancelled, "\(name) was killed because its task was cancelled")
    case .exceededOutputLimit:
      throw MediaError(.tooLarge, "\(name) printed more than a sane file makes it print", detail: complaint)
    case .signalled(let number):
      throw MediaError(.killed, "\(name) was ended by signal \(number)", detail: complaint)
    }
  }
}

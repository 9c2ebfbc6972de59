internal import CSubprocess
internal import Glibc

/// A child that was started, with our ends of its pipes. Whoever receives it owns the descriptors.
struct Spawned {
  let pid: Int32
  let pidfd: Int32
  let outputPipe: Int32?
  let errorPipe: Int32?
}

/// Starts the program on the calling thread, which must live as long as the process.
///
/// - Parameter pipesOutput: whether the output comes through a pipe, whatever the command says.
func spawn(_ command: Command, pipesOutput: Bool) throws(SubprocessError) -> Spawned {
  guard let path = findExecutable(command.executable) ?? explicitPath(of: command) else {
    throw SubprocessError(notFoundInPath: command.executable)
  }
  let input: Descriptor =
    switch command.standardInput {
    case .none: try .opening("/dev/null", O_RDONLY, for: path)
    case .bytes(let bytes): try .holding(bytes, for: path)
    case .file(let file): try .opening(file, O_RDONLY, for: path)
    }
  let output = try OutputEnds(command.standardOutput, pipes: pipesOutput, for: path)
  let error = try OutputEnds(command.standardError, for: path)
  let result = withRequest(command, path: path) { request in
    request.standard_input = input.number
    request.standard_output = output.theirs.number
    request.standard_error = error.theirs.number
    return csubprocess_start(&request)
  }
  guard result.error == 0 else {
    throw SubprocessError(executable: path, action: String(cString: result.action), code: result.error)
  }
  return Spawned(pid: result.pid, pidfd: result.pidfd, outputPipe: output.releaseOurs(), errorPipe: error.releaseOurs())
}

/// A path that is not there is left to exec, which says why.
private func explicitPath(of command: Command) -> String? {
  command.executable.utf8.contains(UInt8(ascii: "/")) ? command.executable : nil
}

/// The end that the child writes to, and ours if it is a pipe.
private struct OutputEnds: ~Copyable {
  let theirs: Descriptor
  private let ours: Descriptor?

  init(_ output: Command.StandardOutput, pipes: Bool, for executable: String) throws(SubprocessError) {
    switch output {
    case _ where pipes: try self.init(pipeFor: executable)
    case .collect: try self.init(pipeFor: executable)
    case .discard: try self.init(path: "/dev/null", O_WRONLY, for: executable)
    case .file(let path): try self.init(path: path, O_WRONLY | O_CREAT | O_TRUNC, for: executable)
    }
  }

  init(_ error: Command.StandardError, for executable: String) throws(SubprocessError) {
    switch error {
    case .tail: try self.init(pipeFor: executable)
    case .file(let path): try self.init(path: path, O_WRONLY | O_CREAT | O_APPEND, for: executable)
    }
  }

  private init(pipeFor executable: String) throws(SubprocessError) {
    let ends = try Pipe(for: executable).ends()
    ours = Descriptor(owning: ends.ours)
    theirs = Descriptor(owning: ends.theirs)
  }

  private init(path: String, _ flags: Int32, for executable: String) throws(SubprocessError) {
    theirs = try .opening(path, flags, for: executable)
    ours = nil
  }

  consuming func releaseOurs() -> Int32? { ours?.release() }
}

/// Calls `body` with the command as C sees it; the pointers live as long as the call.
private func withRequest(
  _ command: Command, path: String, _ body: (inout csubprocess_request) -> csubprocess_result
) -> csubprocess_result {
  withCStrings([path] + command.arguments) { arguments in
    withCStrings(command.environment.map { "\($0.key)=\($0.value)" }) { environment in
      path.withCString { path in
        command.workingDirectory.withCString { workingDirectory in
          var request = csubprocess_request()
          request.executable = path
          request.arguments = arguments
          request.environment = environment
          request.working_directory = workingDirectory
          request.niceness = Int32(clamping: command.niceness)
          request.parent_death_signal = command.parentDeathSignal?.number ?? 0
          request.address_space = command.limits.addressSpace ?? csubprocess_unlimited
          request.cpu_seconds = command.limits.cpuSeconds ?? csubprocess_unlimited
          request.file_size = command.limits.fileSize ?? csubprocess_unlimited
          request.open_files = command.limits.openFiles ?? csubprocess_unlimited
          request.processes = command.limits.processes ?? csubprocess_unlimited
          return body(&request)
        }
      }
    }
  }
}

/// Calls `body` with a NULL-terminated array of C strings, which are freed afterwards.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { buffer in
    // Proof: the array holds at least the closing nil, so its buffer has an address.
    body(buffer.baseAddress!)
  }
}

internal import CSubprocess
internal import Glibc

/// Starts processes in sessions of their own.
enum Spawn {
  /// Starts a program with nothing of ours but what is given: signals at their defaults, no descriptor but the first
  /// three, a session of its own, so that a terminal's Ctrl-C does not reach it.
  ///
  /// - Returns: its id, which is that of its process group too. The caller waits for it.
  static func run(
    _ arguments: [String], environment: [String: String], folder: String, input: Int32, logPath: String
  ) throws(Errno) -> pid_t {
    let log = open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw Errno(errno) }
    defer { close(log) }
    // The copies live until the call returns; the new process has its own by then.
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    let result = folder.withCString { folder in
      argv.withUnsafeBufferPointer { argv in
        envp.withUnsafeBufferPointer { envp in
          var request = csubprocess_request()
          request.executable = UnsafePointer(argv[0])
          request.arguments = argv.baseAddress
          request.environment = envp.baseAddress
          request.working_directory = folder
          request.standard_input = input
          request.standard_output = log
          request.standard_error = log
          request.address_space = csubprocess_unlimited
          request.cpu_seconds = csubprocess_unlimited
          request.file_size = csubprocess_unlimited
          request.open_files = csubprocess_unlimited
          request.processes = csubprocess_unlimited
          return csubprocess_start(&request)
        }
      }
    }
    guard result.error == 0 else { throw Errno(result.error) }
    // The guardian's end is awaited by a thread, by its id.
    close(result.pidfd)
    return result.pid
  }
}

import FoundationEssentials
import Glibc

/// The executable `TestServices`, started as a process of its own that holds services until it is killed.
struct ServiceHolder {
  let pid: pid_t

  init(folder: String) throws {
    let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "TestServices").path
    guard access(executable, X_OK) == 0 else { throw Unavailable("\(executable) was not built") }
    let arguments = [
      executable, folder, try postgresqlFolder(), "--", "sh", "-c",
      "exec >/dev/null 2>&1; touch '\(folder)/ready'; while kill -0 $PPID; do sleep 0.1; done",
    ]
    let argv = arguments.map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, executable, nil, nil, argv, environ) == 0 else {
      throw Unavailable("cannot start \(executable)")
    }
    self.pid = pid
  }

  func kill() {
    Glibc.kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }
}

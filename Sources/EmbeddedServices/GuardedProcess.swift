internal import CSubprocess
internal import Concurrency
internal import FoundationEssentials
internal import Glibc

/// A long-running command with a guardian beside it that ends it when this process ends, by whatever cause.
///
/// The guardian is a small shell script that leads a session of its own, starts the command and reads from a pipe
/// whose other end only this process holds. At the end of the pipe, be it closed by ``end()`` or by the kernel after
/// a `kill -9`, it asks the command to stop, waits for the time of grace, and kills whatever is left of the session's
/// process group. So there is one way to stop, and it is used every day.
package final class GuardedProcess: Sendable {
  package struct Command: Sendable {
    package var arguments: [String]
    package var environment: [String: String]
    package var folder: String
    /// Standard output and error are appended here.
    package var logPath: String
    /// What asks the command to stop: the name of a signal, without `SIG`.
    package var stopSignal = "TERM"

    package init(arguments: [String], environment: [String: String], folder: String, logPath: String) {
      self.arguments = arguments
      self.environment = environment
      self.folder = folder
      self.logPath = logPath
    }
  }

  /// How long a command may take to stop before it is killed.
  static let grace = Duration.seconds(8)

  /// The guardian, whose id is also that of the process group.
  package let identity: ProcessIdentity
  /// Ends when the guardian has ended and nothing is left of its group. The value is the guardian's exit code, or 128 and the
  /// number of the signal that ended it.
  package let exit: Task<Int32, Never>
  private let lifeline: Lifeline

  private static let script = """
    signal=$1; grace=$2; shift 2
    exec 3<&0 </dev/null
    "$@" 3<&- &
    service=$!
    (
      while read -r _; do :; done <&3
      kill -s "$signal" "$service"
      sleep "$grace"
      kill -s KILL 0
    ) &
    exec 3<&-
    wait "$service"
    echo "the process ended with status $?"
    kill -s KILL 0
    """

  /// Starts the command.
  ///
  /// - Throws: the number of the system's error.
  package init(_ command: Command) throws(Errno) {
    var readEnd: Int32 = -1
    var writeEnd: Int32 = -1
    guard csubprocess_pipe(&readEnd, &writeEnd) == 0 else { throw Errno(errno) }
    defer { close(readEnd) }
    let lifeline = Lifeline(descriptor: writeEnd)
    // The guardian's `read` waits.
    guard fcntl(readEnd, F_SETFL, 0) == 0 else { throw Errno(errno) }
    let guardian =
      ["/bin/sh", "-c", Self.script, "guardian", command.stopSignal, "\(Self.grace.components.seconds)"]
      + command.arguments
    let pid = try Spawn.run(
      guardian, environment: command.environment, folder: command.folder, input: readEnd, logPath: command.logPath)
    // It cannot be missing: the process was just started, and nobody has waited for it yet.
    guard let identity = ProcessIdentity(pid: pid) else { throw Errno(ESRCH) }
    self.identity = identity
    self.lifeline = lifeline
    exit = Task {
      await withCheckedContinuation { continuation in
        startThread(name: "guardian") { continuation.resume(returning: Self.awaitEnd(of: pid)) }
      }
    }
  }

  /// Asks the command to stop; ``exit`` tells when it has.
  package func end() { lifeline.close() }

  private static func awaitEnd(of pid: pid_t) -> Int32 {
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    // Only now is the guardian reaped, so the group's id cannot have passed to anyone else.
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    awaitEnd(ofGroup: pid)
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  /// Waits until nobody is left in a group that was killed, because a process has its files and ports until it is gone.
  ///
  /// They are not our children, so nothing tells us. The wait is bounded, for a process may hang in the kernel.
  private static func awaitEnd(ofGroup group: pid_t) {
    for _ in 0..<200 where kill(-group, 0) == 0 && ProcessIdentity.isAnyAlive(inGroup: group) { usleep(10000) }
  }
}

/// A number of a system error.
package struct Errno: Error, CustomStringConvertible {
  let code: Int32
  init(_ code: Int32) { self.code = code }
  package var description: String { String(cString: strerror(code)) }
}

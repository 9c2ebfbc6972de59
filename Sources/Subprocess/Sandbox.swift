/// Runs programs with bubblewrap in namespaces of their own: no network, no other process, no file but the system's
/// programs, the inputs they are given and one folder for what they make.
package struct Sandbox: Sendable {
  /// Why there is no sandbox although one is required.
  package struct Unavailable: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// Whether programs are really confined.
  package var isActive: Bool { bubblewrap != nil }
  /// Why they are not although it was preferred.
  package let unavailableReason: String?

  private let bubblewrap: String?

  /// Bytes that a program may keep in its `/tmp`, which is memory.
  private static let temporarySize = 64 << 20

  /// Finds out by a real run whether this machine allows a sandbox: many containers do not.
  ///
  /// - Throws: ``Unavailable`` if the mode is `required` and there is none.
  package init(mode: SandboxMode) async throws(Unavailable) {
    guard mode != .off else {
      (bubblewrap, unavailableReason) = (nil, nil)
      return
    }
    do throws(Unavailable) {
      bubblewrap = try await Self.probe()
      unavailableReason = nil
    } catch {
      if mode == .required { throw error }
      (bubblewrap, unavailableReason) = (nil, error.description)
    }
  }

  /// The command as it runs inside. Without a sandbox it is the command itself.
  ///
  /// Paths stay what they are. The program must be one of the system's, below /usr, and the working directory is
  /// `writable`, or the root.
  ///
  /// The environment becomes arguments of bubblewrap, which every user of the machine can read: give it no secrets.
  ///
  /// - Parameters:
  ///   - readable: files and folders that it may read besides the system's programs.
  ///   - writable: the one folder that it may write to, besides a small /tmp that goes with it.
  package func confine(_ command: Command, readable: [String] = [], writable: String? = nil) -> Command {
    guard let bubblewrap else { return command }
    var confined = command
    confined.executable = bubblewrap
    confined.environment = [:]
    confined.workingDirectory = "/"
    confined.arguments = Self.isolation
    for path in readable { confined.arguments += ["--ro-bind", path, path] }
    if let writable { confined.arguments += ["--bind", writable, writable] }
    confined.arguments += ["--chdir", writable ?? "/"]
    for (name, value) in command.environment { confined.arguments += ["--setenv", name, value] }
    confined.arguments += ["--", command.executable] + command.arguments
    return confined
  }

  private static let isolation: [String] = {
    var arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    arguments += ["--ro-bind", "/usr", "/usr"]
    for folder in ["bin", "sbin", "lib", "lib64"] { arguments += ["--symlink", "usr/\(folder)", "/\(folder)"] }
    // Debian's choices between programs, the loader's list of libraries, and fonts for text on images.
    for path in ["/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts"] { arguments += ["--ro-bind-try", path, path] }
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", "\(temporarySize)", "--tmpfs", "/tmp"]
    return arguments
  }()

  private static func probe() async throws(Unavailable) -> String {
    guard let bubblewrap = findExecutable("bwrap") else {
      throw Unavailable(description: "there is no sandbox: cannot find 'bwrap' in PATH; install bubblewrap")
    }
    let outcome: ProcessOutcome
    do throws(SubprocessError) {
      outcome = try await Command(bubblewrap, isolation + ["--", "/usr/bin/true"], deadline: .seconds(10)).run()
    } catch {
      throw Unavailable(description: "there is no sandbox: \(error)")
    }
    guard outcome.isSuccess else {
      let complaint = outcome.standardError.split(separator: "\n").first ?? "no reason given"
      throw Unavailable(description: "there is no sandbox: \(bubblewrap) \(outcome.termination): \(complaint)")
    }
    return bubblewrap
  }
}

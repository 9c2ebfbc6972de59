internal import Concurrency
internal import EmbeddedServices
internal import Glibc

/// Runs a command while private services run for it.
///
/// usage: TestServices <folder> <PostgreSQL folder> [--] <command> [<argument>…]
///
/// The command finds them in `REELMILL_TEST_AMQP_URL`, `REELMILL_TEST_BROKER_API` and `REELMILL_TEST_DATABASE_URL`.
/// Ends with the command's exit code, or with 1 if the services do not start.
@main
struct TestServices {
  static func main() async {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.count > 2, arguments[2] == "--" { arguments.remove(at: 2) }
    guard arguments.count > 2 else {
      complain("usage: TestServices <folder> <PostgreSQL folder> [--] <command> [<argument>…]")
      exit(64)
    }
    var configuration = EmbeddedServices.Configuration(folder: arguments[0], postgresqlFolder: arguments[1])
    configuration.hasManagement = true
    let services = EmbeddedServices(configuration)
    let code: Int32
    do {
      let endpoints = try await services.start()
      code = await run(Array(arguments[2...]), with: endpoints)
    } catch {
      complain("\(error)")
      code = 1
    }
    await services.stop()
    exit(code)
  }

  /// - Returns: the command's exit code, or 128 and the number of the signal that ended it.
  private static func run(_ command: [String], with endpoints: Endpoints) async -> Int32 {
    setenv("REELMILL_TEST_AMQP_URL", endpoints.amqpURL, 1)
    setenv("REELMILL_TEST_BROKER_API", endpoints.managementURL ?? "", 1)
    setenv("REELMILL_TEST_DATABASE_URL", endpoints.databaseURL, 1)
    let argv = command.map { strdup($0) } + [nil]
    var pid: pid_t = 0
    let status = posix_spawnp(&pid, command[0], nil, nil, argv, environ)
    guard status == 0 else {
      complain("\(command[0]): \(String(cString: strerror(status)))")
      return 127
    }
    let child = pid
    return await withCheckedContinuation { continuation in
      startThread(name: "command") {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        continuation.resume(returning: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
      }
    }
  }

  private static func complain(_ text: String) {
    var text = text
    text.append("\n")
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

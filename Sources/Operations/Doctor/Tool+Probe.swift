internal import Glibc
internal import Subprocess

extension Tool {
  /// Looks for the tool and asks it for its version.
  func probe() async -> Finding {
    guard let path = findExecutable(name) else { return .missing }
    if let companion, access(companion, R_OK) != 0 {
      return .broken(path: path, problem: "lacks \(companion)")
    }
    guard let versionArguments else { return .present(path: path) }
    let outcome: ProcessOutcome
    do throws(SubprocessError) {
      outcome = try await Command(path, versionArguments, deadline: .seconds(10)).run()
    } catch {
      return .broken(path: path, problem: "does not start: \(error)")
    }
    guard outcome.isSuccess else { return .broken(path: path, problem: "\(outcome.termination)") }
    // Some write their version where others complain.
    let text = String(decoding: outcome.standardOutput, as: UTF8.self) + outcome.standardError
    guard let line = text.split(whereSeparator: \.isNewline).first, let version = SoftwareVersion(in: line) else {
      return .present(path: path)
    }
    return .version(version, path: path)
  }
}

import EmbeddedServices
import FoundationEssentials
import Glibc

/// Something that a test needs is not there.
struct Unavailable: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What scripts/fetch-database fetched.
func postgresqlFolder() throws -> String {
  let project = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let folder = project.appending(path: ".reelmill/postgresql-18").path
  guard access("\(folder)/bin/postgres", X_OK) == 0 else {
    throw Unavailable("\(folder) has no PostgreSQL: run scripts/fetch-database")
  }
  return folder
}

func configuration(in folder: String) throws -> EmbeddedServices.Configuration {
  EmbeddedServices.Configuration(folder: folder, postgresqlFolder: try postgresqlFolder())
}

/// Runs `body` while services run in the folder, and stops them afterwards.
func withServices<Result>(
  in folder: String, _ body: (EmbeddedServices, Endpoints) async throws -> Result
) async throws -> Result {
  let services = EmbeddedServices(try configuration(in: folder))
  let endpoints = try await services.start()
  do {
    let result = try await body(services, endpoints)
    await services.stop()
    return result
  } catch {
    await services.stop()
    throw error
  }
}

/// The ids of the processes that run and have the folder in their command, environment or working folder.
func processes(of folder: String) -> [pid_t] {
  let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return entries.compactMap { pid_t($0) }.filter { pid in
    guard pid != getpid(), ProcessIdentity(pid: pid) != nil else { return false }
    let needle = Data(folder.utf8)
    let sources = ["cmdline", "environ"].compactMap { FileManager.default.contents(atPath: "/proc/\(pid)/\($0)") }
    return sources.contains { $0.firstRange(of: needle) != nil }
  }
}

/// The port in a URL such as `amqp://user:password@127.0.0.1:25672/`.
func port(of url: String) throws -> Int {
  guard let port = URL(string: url)?.port else { throw Unavailable("no port in \(url)") }
  return port
}

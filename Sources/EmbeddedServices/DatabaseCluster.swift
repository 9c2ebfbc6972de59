internal import FoundationEssentials
internal import Glibc

/// A private PostgreSQL cluster: its files, and the commands that make and run it.
package struct DatabaseCluster: Sendable {
  static let name = "database"
  /// The superuser, and the database that is made for it.
  package static let user = "reelmill"

  /// Holds `data`, and while it is made `data.new`. Belongs to `account`.
  package let folder: String
  /// The folder with the programs `initdb` and `postgres`.
  package let programs: String
  package let port: UInt16
  private let password: String
  /// Who runs it; nil for ourselves.
  package let account: ServiceAccount?
  package let logPath: String

  package init(
    folder: String, programs: String, port: UInt16, password: String, account: ServiceAccount?, logPath: String
  ) {
    self.folder = folder
    self.programs = programs
    self.port = port
    self.password = password
    self.account = account
    self.logPath = logPath
  }

  package var dataFolder: String { "\(folder)/data" }
  /// Whether the cluster was made completely.
  package var isInitialised: Bool { FileManager.default.fileExists(atPath: "\(dataFolder)/PG_VERSION") }

  /// Makes the folder, and hands it to the account.
  package func prepare() throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard let account else { return }
    guard chown(folder, account.user, account.group) == 0 else { throw Errno(errno) }
  }

  /// Makes the cluster with the database and pgvector in it, all or nothing: it gets its name when it is complete.
  ///
  /// The password comes in the environment because arguments can be seen by everyone. The server in single-user mode
  /// reports errors in its output only, and goes on with numbers below 16384 (`FirstNormalObjectId`), by which `pg_dump`
  /// tells what came with the server: it would leave pgvector out.
  private var initialisation: GuardedProcess.Command {
    let script = """
      set -e
      programs=$0 new=$1 final=$2 user=$3
      rm -rf "$new"
      printf %s "$REELMILL_PASSWORD" | "$programs/initdb" -D "$new" -U "$user" --pwfile=/dev/stdin \\
        --auth=scram-sha-256 --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C
      "$programs/pg_resetwal" --next-oid=16384 "$new"
      run() {
        output=$(printf '%s\\n' "$2" | "$programs/postgres" --single -D "$new" "$1" 2>&1)
        printf '%s\\n' "$output"
        case $output in *ERROR:*|*FATAL:*) exit 1;; esac
      }
      run postgres "CREATE DATABASE $user"
      run "$user" "CREATE EXTENSION vector"
      mv "$new" "$final"
      """
    return command(
      ["/bin/sh", "-c", script, programs, "\(folder)/data.new", dataFolder, Self.user],
      environment: ["REELMILL_PASSWORD": password])
  }

  /// Makes the cluster; see ``initialisation``.
  package func initialise() async throws(EmbeddedServiceError) {
    let process: GuardedProcess
    do {
      process = try GuardedProcess(initialisation)
    } catch {
      throw .startFailed(service: Self.name, reason: "\(error)", logTail: "")
    }
    _ = await process.exit.value
    guard isInitialised else {
      throw .startFailed(service: Self.name, reason: "it could not be initialised", logTail: LogTail.read(logPath))
    }
  }

  /// The server. It listens on TCP only: a socket's path may have no more than 107 bytes, a folder's may be longer.
  package var server: GuardedProcess.Command {
    let settings = [
      "port=\(port)", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100",
      "shared_buffers=128MB", "max_wal_size=512MB", "logging_collector=off", "timezone=UTC", "log_timezone=UTC",
    ]
    var command = command(["\(programs)/postgres", "-D", dataFolder] + settings.flatMap { ["-c", $0] })
    // “Fast shutdown”: clients are disconnected, the data is left clean.
    command.stopSignal = "INT"
    return command
  }

  private func command(_ arguments: [String], environment: [String: String] = [:]) -> GuardedProcess.Command {
    GuardedProcess.Command(
      arguments: (account?.prefix ?? []) + arguments,
      environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"].merging(environment) { $1 },
      folder: folder, logPath: logPath)
  }
}

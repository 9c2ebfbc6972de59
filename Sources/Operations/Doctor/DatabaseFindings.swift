internal import Engine
internal import PostgreSQL

/// What was found of the database.
package struct DatabaseFindings: Sendable, Equatable {
  /// As `server_version_num` says it, such as 150014.
  package var serverVersion: Int
  /// Of pgvector; nil where it is not installed in the database.
  package var vector: SoftwareVersion?
  /// Of the pgvector that could be installed; nil if the server has none.
  package var availableVector: SoftwareVersion?
  /// What this build would apply.
  package var pendingMigrations: [String]
  /// How far the database's clock is ahead of ours.
  package var clockSkew: Duration
  /// Machines with living workers.
  package var workerHosts: [String]

  private static let minimumVector = SoftwareVersion(0, 8)
  private static let largestSkew = Duration.seconds(5)

  package init(
    serverVersion: Int, vector: SoftwareVersion?, availableVector: SoftwareVersion?, pendingMigrations: [String],
    clockSkew: Duration, workerHosts: [String]
  ) {
    self.serverVersion = serverVersion
    self.vector = vector
    self.availableVector = availableVector
    self.pendingMigrations = pendingMigrations
    self.clockSkew = clockSkew
    self.workerHosts = workerHosts
  }

  /// The checks that follow from it.
  package func judge() -> [Check] { [judgeServer(), judgeVector(), judgeSchema(), judgeClock()] }

  private func judgeServer() -> Check {
    let version = "PostgreSQL \(serverVersion / 10_000).\(serverVersion % 10_000)"
    guard serverVersion >= 150_000 else {
      return .fail(
        "database", "\(version); expected 15 or later",
        fix: "upgrade the server, or point REELMILL_DATABASE_URL to another")
    }
    return .pass("database", version)
  }

  private func judgeVector() -> Check {
    guard let installed = vector else {
      guard let available = availableVector, available >= Self.minimumVector else {
        return .fail(
          "pgvector", "the server has no pgvector \(Self.minimumVector) or later",
          fix: "apt-get install postgresql-\(serverVersion / 10_000)-pgvector on the database's machine")
      }
      return .warn(
        "pgvector", "\(available) is there, but not in this database",
        fix: "reelmill migrate, by a role that may run `create extension vector`")
    }
    guard installed >= Self.minimumVector else {
      return .fail(
        "pgvector", "\(installed); expected \(Self.minimumVector) or later",
        fix: "upgrade pgvector on the database's machine, then `alter extension vector update`")
    }
    return .pass("pgvector", "\(installed)")
  }

  private func judgeSchema() -> Check {
    guard !pendingMigrations.isEmpty else { return .pass("schema", "up to date") }
    return .fail(
      "schema", "lacks \(pendingMigrations.joined(separator: ", "))", fix: "reelmill migrate")
  }

  private func judgeClock() -> Check {
    let seconds = (clockSkew / .milliseconds(100)).rounded() / 10
    guard clockSkew > Self.largestSkew || clockSkew < .zero - Self.largestSkew else {
      return .pass("clock", "\(seconds) s from the database's")
    }
    return .warn(
      "clock", "\(seconds < 0 ? "\(-seconds) s ahead of" : "\(seconds) s behind") the database's",
      fix: "let both machines follow a time server: apt-get install systemd-timesyncd")
  }
}

extension DatabaseFindings {
  /// Asks the database.
  static func probe(_ client: PostgresClient) async throws(PostgresError) -> DatabaseFindings {
    let before = Timestamp.now
    let theirs = try await client.now()
    let halfWay = before + (Timestamp.now - before) / 2
    let row = try await client.query(
      """
      select current_setting('server_version_num')::int8 as server,
        (select extversion from pg_extension where extname = 'vector') as installed,
        (select default_version from pg_available_extensions where name = 'vector') as available,
        to_regclass('worker') is not null as has_workers
      """
    ).one()
    var hosts: [String] = []
    if try row["has_workers", as: Bool.self] {
      hosts = try await client.query("select distinct host from worker where lease_until > now() order by host")
        .column("host", as: String.self)
    }
    return DatabaseFindings(
      serverVersion: Int(try row["server", as: Int64.self]),
      vector: try row["installed", as: String?.self].flatMap { SoftwareVersion(in: $0) },
      availableVector: try row["available", as: String?.self].flatMap { SoftwareVersion(in: $0) },
      pendingMigrations: try await Migrator(client: client).pending(), clockSkew: theirs - halfWay,
      workerHosts: hosts)
  }
}

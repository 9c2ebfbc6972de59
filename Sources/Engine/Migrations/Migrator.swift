package import DatabaseSchema
internal import Hashing
package import Pipeline
package import PostgreSQL

/// Brings the database to this build's schema, under a lock, and makes this build's stage definitions the active ones.
package struct Migrator: Sendable {
  /// What was done.
  package struct Report: Sendable, Equatable {
    /// The migrations that were applied now.
    package var applied: [String]
    /// The stages whose active definition changed: what they made before is outdated.
    package var changedDefinitions: [StageName]

    package init(applied: [String], changedDefinitions: [StageName] = []) {
      self.applied = applied
      self.changedDefinitions = changedDefinitions
    }
  }

  private let client: PostgresClient

  /// One number for all processes that migrate this schema.
  private static let lock: Int64 = 0x7265_656C_6D69_6C6C

  package init(client: PostgresClient) { self.client = client }

  /// Applies what is missing; all of it or nothing.
  ///
  /// - Throws: ``MigrationError`` naming what to do.
  package func migrate(
    _ migrations: [DatabaseSchema.Migration] = DatabaseSchema.migrations, definitions: [StageDefinition]
  ) async throws(MigrationError) -> Report {
    do throws(PostgresTransactionError<MigrationError>) {
      return try await client.withTransaction { transaction throws(MigrationError) in
        let applied = try await Self.apply(migrations, on: transaction)
        let changed = try await attempt { () throws(PostgresError) in
          try await Ledger.activate(definitions, on: transaction)
        }
        return Report(applied: applied, changedDefinitions: changed)
      }
    } catch {
      switch error {
      case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): throw .database(error)
      case .body(let error, _, _): throw error
      }
    }
  }

  /// The migrations that the database lacks, without applying them.
  package func pending(
    _ migrations: [DatabaseSchema.Migration] = DatabaseSchema.migrations
  ) async throws(PostgresError) -> [String] {
    let table = try await client.query("select to_regclass('schema_migration') is not null as stands")
    guard try table.one()["stands", as: Bool.self] else { return migrations.map(\.name) }
    let applied = Set(try await client.query("select name from schema_migration").column("name", as: String.self))
    return migrations.map(\.name).filter { !applied.contains($0) }
  }

  private static func apply(
    _ migrations: [DatabaseSchema.Migration], on transaction: PostgresTransaction
  ) async throws(MigrationError) -> [String] {
    try await attempt { () throws(PostgresError) in
      try await transaction.query("select pg_advisory_xact_lock(\(lock))")
    }
    try await requireVector(on: transaction)
    let rows = try await attempt { () throws(PostgresError) in
      try await transaction.query(
        """
        create table if not exists schema_migration (
          name text primary key, checksum bytea not null, applied_at timestamptz not null default now())
        """)
      return try await transaction.query("select name, checksum from schema_migration")
    }
    var applied: [String: [UInt8]] = [:]
    for row in rows {
      let (name, checksum) = try await attempt { () throws(PostgresError) in
        (try row["name", as: String.self], try row["checksum", as: [UInt8].self])
      }
      applied[name] = checksum
    }
    var done: [String] = []
    for migration in migrations {
      let checksum = SHA256Digest(hashing: migration.sql).bytes
      if let recorded = applied[migration.name] {
        guard recorded == checksum else { throw .changed(migration.name) }
        continue
      }
      try await attempt { () throws(PostgresError) in
        for statement in migration.statements { try await transaction.query(SQL(unescaped: statement)) }
        try await transaction.query(
          "insert into schema_migration (name, checksum) values (\(migration.name), \(checksum))")
      }
      done.append(migration.name)
    }
    if let unknown = applied.keys.sorted().first(where: { name in !migrations.contains { $0.name == name } }) {
      throw .newer(unknown)
    }
    return done
  }

  private static func requireVector(on transaction: PostgresTransaction) async throws(MigrationError) {
    let stands = try await attempt { () throws(PostgresError) in
      try await transaction.query("select from pg_extension where extname = 'vector'")
    }
    guard stands.isEmpty else { return }
    do throws(PostgresError) { try await transaction.query("create extension vector") } catch {
      throw .noVector(error)
    }
  }
}

/// Runs database work whose failure is a ``MigrationError``.
@discardableResult
private func attempt<Value>(
  _ body: () async throws(PostgresError) -> Value
) async throws(MigrationError) -> Value {
  do throws(PostgresError) { return try await body() } catch { throw .database(error) }
}

extension DatabaseSchema.Migration {
  /// Its statements one by one: the extended protocol takes one at a time. Our migrations have no semicolon at the end
  /// of a line but at the end of a statement, or in the body of a function between two `$$`.
  fileprivate var statements: [String] {
    var statements: [String] = []
    var lines: [Substring] = []
    var isInBody = false
    for line in sql.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("--") {
      lines.append(line)
      if line.ranges(of: "$$").count == 1 { isInBody.toggle() }
      if line.hasSuffix(";"), !isInBody {
        statements.append(lines.joined(separator: "\n"))
        lines = []
      }
    }
    return statements
  }
}

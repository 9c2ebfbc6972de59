internal import Engine
internal import Hashing
internal import PostgreSQL

/// What a library's database consists of, as the database tells it.
enum LibrarySchema {
  /// A table with the columns that hold what was written into it.
  struct Table {
    let name: String
    let columns: [String]
    /// The tables that its rows refer to.
    let parents: [String]

    var columnList: SQL { SQL.list(ofColumns: columns) }
  }

  static func migrations(
    on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [BackupManifest.Migration] {
    var migrations: [BackupManifest.Migration] = []
    for row in try await connection.query("select name, checksum from schema_migration order by name") {
      migrations.append(.init(name: try row["name", as: String.self], checksum: try row.digest("checksum")))
    }
    return migrations
  }

  /// All tables but that of the migrations, each after those that it refers to. What does not outlast a crash of the
  /// database does not outlast a move of it either.
  static func tables(on connection: some PostgresQueryable) async throws(PostgresError) -> [Table] {
    let rows = try await connection.query(
      """
      select c.relname::text as name,
        array(select a.attname::text from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          order by a.attnum) as columns,
        array(select distinct p.relname::text from pg_constraint k join pg_class p on p.oid = k.confrelid
          where k.conrelid = c.oid and k.contype = 'f' and p.oid <> c.oid) as parents
      from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relpersistence = 'p' and c.relname <> 'schema_migration'
      order by c.relname
      """)
    var waiting: [Table] = []
    for row in rows {
      waiting.append(
        Table(
          name: try row["name", as: String.self], columns: try row["columns", as: [String].self],
          parents: try row["parents", as: [String].self]))
    }
    var ordered: [Table] = []
    while !waiting.isEmpty {
      let names = Set(waiting.map(\.name))
      let ready = waiting.filter { names.isDisjoint(with: $0.parents) }
      // Tables that refer to each other in a circle come as they are; the database says what it thinks of that.
      ordered += ready.isEmpty ? waiting : ready
      waiting.removeAll { table in ready.isEmpty || ready.contains { $0.name == table.name } }
    }
    return ordered
  }

  /// The tables with triggers that were written for them.
  static func tablesWithTriggers(on connection: some PostgresQueryable) async throws(PostgresError) -> [String] {
    try await connection.query(
      """
      select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace order by 1
      """
    ).column("name", as: String.self)
  }

  /// Has columns that number their rows go on after the highest number there is.
  static func advanceIdentities(on connection: some PostgresQueryable) async throws(PostgresError) {
    let rows = try await connection.query(
      """
      select c.relname::text as name, a.attname::text as column
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attidentity <> ''
      order by 1
      """)
    for row in rows {
      let table = try row["name", as: String.self]
      let column = try row["column", as: String.self]
      try await connection.query(
        """
        select setval(pg_get_serial_sequence(\(table), \(column)), coalesce(max(\(identifier: column)), 0) + 1, false)
        from \(identifier: table)
        """)
    }
  }
}

extension SQL {
  /// Names of columns, separated by commas.
  static func list(ofColumns names: [String]) -> SQL {
    var list: SQL = ""
    for (index, name) in names.enumerated() {
      if index > 0 { list += ", " }
      list += "\(identifier: name)"
    }
    return list
  }
}

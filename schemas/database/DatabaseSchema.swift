/// The numbered migrations, in order.
package enum DatabaseSchema {
  /// One step of the schema; once landed, its text never changes.
  package struct Migration: Sendable {
    package let name: String
    package let sql: String
  }

  package static let migrations: [Migration] = [
    Migration(name: "m0001_pipeline", bytes: PackageResources.m0001_pipeline_sql),
    Migration(name: "m0002_search", bytes: PackageResources.m0002_search_sql),
    Migration(name: "m0003_lookups", bytes: PackageResources.m0003_lookups_sql),
    Migration(name: "m0004_failures", bytes: PackageResources.m0004_failures_sql),
    Migration(name: "m0005_replay", bytes: PackageResources.m0005_replay_sql),
    Migration(name: "m0006_dead_letters", bytes: PackageResources.m0006_dead_letters_sql),
    Migration(name: "m0008_maintenance", bytes: PackageResources.m0008_maintenance_sql),
    Migration(name: "m0009_search", bytes: PackageResources.m0009_search_sql),
    Migration(name: "m0010_traces", bytes: PackageResources.m0010_traces_sql),
  ]
}

extension DatabaseSchema.Migration {
  fileprivate init(name: String, bytes: [UInt8]) {
    self.init(name: name, sql: String(decoding: bytes, as: UTF8.self))
  }
}

internal import Engine
internal import Hashing
internal import Pipeline
internal import PostgreSQL

extension Definitions {
  /// The active definition of each stage that this build can name.
  static func read(on connection: some PostgresQueryable) async throws(PostgresError) -> Definitions {
    var everywhere: [StageName: SHA256Digest] = [:]
    var overrides: [String: [StageName: SHA256Digest]] = [:]
    for row in try await connection.query("select organisation, stage, digest from definition") {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      let organisation = try row["organisation", as: String.self]
      if organisation == "*" {
        everywhere[stage] = try row.digest("digest")
      } else {
        overrides[organisation, default: [:]][stage] = try row.digest("digest")
      }
    }
    return Definitions(everywhere: everywhere, overrides: overrides)
  }
}

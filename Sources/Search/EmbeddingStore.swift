package import Hashing
package import PostgreSQL

/// The vectors that were paid for: one for each text, model and organisation.
package struct EmbeddingStore: Sendable {
  private let database: PostgresClient

  /// Digests asked for in one statement.
  private static let digestsAtOnce = 1000
  /// Vectors written in one statement: about half a megabyte of them as text.
  private static let vectorsAtOnce = 128

  package init(database: PostgresClient) { self.database = database }

  /// The texts that have no vector yet, in the order given and each once.
  package func missing(
    of texts: [SHA256Digest], model: EmbeddingModel, organisation: String
  ) async throws(PostgresError) -> [SHA256Digest] {
    var seen: Set<SHA256Digest> = []
    let wanted = texts.filter { seen.insert($0).inserted }
    var known: Set<[UInt8]> = []
    for chunk in wanted.chunks(of: Self.digestsAtOnce) {
      let rows = try await database.query(
        """
        select digest from embedding where organisation = \(organisation) and model = \(model.name)
          and digest = any(\(chunk.map(\.bytes))::bytea[])
        """)
      known.formUnion(try rows.column("digest", as: [UInt8].self))
    }
    return wanted.filter { !known.contains($0.bytes) }
  }

  /// Keeps vectors; a text that has one already keeps it.
  ///
  /// - Throws: ``EmbeddingStoreError/invalidVector(_:)`` before anything is written if one is not the model's.
  package func save(
    _ vectors: [SHA256Digest: [Float]], model: EmbeddingModel, organisation: String
  ) async throws(EmbeddingStoreError) {
    for vector in vectors.values {
      if let problem = InvalidVector(vector, of: model) { throw .invalidVector(problem) }
    }
    // In the order of the keys, so that two writers of the same texts wait for each other instead of locking up.
    for chunk in vectors.sorted(by: { $0.key < $1.key }).chunks(of: Self.vectorsAtOnce) {
      do throws(PostgresError) {
        try await database.query(
          """
          insert into embedding (organisation, model, digest, vector)
          select \(organisation), \(model.name), u.digest, u.vector
          from unnest(\(chunk.map(\.key.bytes))::bytea[], \(chunk.map { HalfVector($0.value) })::halfvec[])
            as u (digest, vector)
          on conflict do nothing
          """)
      } catch {
        throw .database(error)
      }
    }
  }
}

/// Why vectors were not kept.
package enum EmbeddingStoreError: Error, CustomStringConvertible {
  case invalidVector(InvalidVector)
  case database(PostgresError)

  package var description: String {
    switch self {
    case .invalidVector(let problem): problem.description
    case .database(let error): "\(error)"
    }
  }
}

internal import Engine
package import Pipeline
package import PostgreSQL

/// A library as operations see it: its database, and the pipeline of this build to read it by.
package struct Library: Sendable {
  package let client: PostgresClient
  package let pipeline: PipelineGraph

  package init(client: PostgresClient, pipeline: PipelineGraph) {
    self.client = client
    self.pipeline = pipeline
  }

  /// A planner with the definitions that are active now.
  func planner(on connection: some PostgresQueryable) async throws(PostgresError) -> Planner {
    Planner(pipeline: pipeline, definitions: try await Ledger.activeDefinitions(on: connection))
  }
}

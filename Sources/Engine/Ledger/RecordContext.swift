package import Identifiers

/// What the process writes beside each record.
package struct RecordContext: Sendable {
  let worker: UUID
  let build: String

  package init(worker: UUID, build: String) {
    self.worker = worker
    self.build = build
  }
}

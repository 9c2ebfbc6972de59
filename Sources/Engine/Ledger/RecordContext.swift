internal import Identifiers

/// What the process writes beside each record.
struct RecordContext: Sendable {
  let worker: UUID
  let build: String
}

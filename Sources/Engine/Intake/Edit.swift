package import Pipeline

/// What a person changes of an asset. What is nil stays.
package struct Edit: Sendable, Equatable {
  package var title: String?
  package var tags: [String]?
  package var labels: [String]?
  /// A transcript edited by hand; it outranks the machine's until it is unpinned.
  package var transcript: Transcript?
  package var unpinsTranscript = false

  package init(
    title: String? = nil, tags: [String]? = nil, labels: [String]? = nil, transcript: Transcript? = nil,
    unpinsTranscript: Bool = false
  ) {
    self.title = title
    self.tags = tags
    self.labels = labels
    self.transcript = transcript
    self.unpinsTranscript = unpinsTranscript
  }

  package var isEmpty: Bool { self == Edit() }
}

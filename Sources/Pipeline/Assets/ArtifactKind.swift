/// What an artifact is: the name under which stages read and write it.
package struct ArtifactKind: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  package static func < (left: ArtifactKind, right: ArtifactKind) -> Bool { left.rawValue < right.rawValue }
}

extension ArtifactKind {
  // Given by people: no stage writes them.

  /// The content itself, as it was handed in.
  package static let source = ArtifactKind(rawValue: "source")
  /// Subtitles handed in beside a video or an audio file.
  package static let sidecar = ArtifactKind(rawValue: "sidecar")
  package static let title = ArtifactKind(rawValue: "title")
  /// Labels that a person gave; they add to the machine's.
  package static let manualLabels = ArtifactKind(rawValue: "manual-labels")

  /// What people give and stages only read.
  package static let given: Set<ArtifactKind> = [.source, .sidecar, .title, .manualLabels]

  // Written by stages.

  /// What the content is: container, streams, duration, size.
  package static let facts = ArtifactKind(rawValue: "facts")
  package static let captions = ArtifactKind(rawValue: "captions")
  package static let keyframes = ArtifactKind(rawValue: "keyframes")
  package static let audio = ArtifactKind(rawValue: "audio")
  package static let transcript = ArtifactKind(rawValue: "transcript")
  package static let labels = ArtifactKind(rawValue: "labels")
  package static let passages = ArtifactKind(rawValue: "passages")
  /// That the asset's search rows stand for its passages and vectors.
  package static let searchRows = ArtifactKind(rawValue: "search-rows")

  /// The vectors that an embedding model made.
  package static func vectors(model: String) -> ArtifactKind { ArtifactKind(rawValue: "vectors.\(model)") }
}

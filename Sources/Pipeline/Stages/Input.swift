/// An artifact that a stage reads, and what it needs of it.
package struct Input: Sendable, Hashable {
  package enum Requirement: Sendable, Hashable {
    /// Without it there is nothing to do.
    case required
    /// Used when it is there; the stage waits until it is settled.
    case optional
    /// The stage applies only where this is settled and empty or absent.
    case onlyWithout
  }

  package let kind: ArtifactKind
  package let requirement: Requirement

  private init(kind: ArtifactKind, requirement: Requirement) {
    self.kind = kind
    self.requirement = requirement
  }

  package static func required(_ kind: ArtifactKind) -> Input { Input(kind: kind, requirement: .required) }
  package static func optional(_ kind: ArtifactKind) -> Input { Input(kind: kind, requirement: .optional) }
  package static func onlyWithout(_ kind: ArtifactKind) -> Input { Input(kind: kind, requirement: .onlyWithout) }
}

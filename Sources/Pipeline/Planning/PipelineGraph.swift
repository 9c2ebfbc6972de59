/// The stages and how they depend on each other: derived from what they read and write, checked once.
package struct PipelineGraph: Sendable {
  /// In topological order: what writes comes before what reads. `dispatch` is no part of the graph.
  package let stages: [StageDeclaration]
  private let byName: [StageName: StageDeclaration]
  private let writers: [ArtifactKind: StageDeclaration]
  private let readersByKind: [ArtifactKind: [StageDeclaration]]

  /// Orders and checks the stages.
  ///
  /// - Throws: a cycle, an artifact that nobody writes, two writers of one artifact, two stages of one name.
  package init(_ declarations: [StageDeclaration]) throws(PipelineError) {
    var byName: [StageName: StageDeclaration] = [:]
    var writers: [ArtifactKind: StageDeclaration] = [:]
    for stage in declarations {
      guard stage.name != .dispatch, byName.updateValue(stage, forKey: stage.name) == nil else {
        throw .duplicateName(stage.name)
      }
      guard !ArtifactKind.given.contains(stage.writes) else { throw .writesGiven(stage.writes, by: stage.name) }
      if let other = writers.updateValue(stage, forKey: stage.writes) {
        throw .twoWriters(of: stage.writes, other.name, stage.name)
      }
    }
    for stage in declarations {
      for kind in stage.allReads where writers[kind] == nil && !ArtifactKind.given.contains(kind) {
        throw .unwritten(kind, readBy: stage.name)
      }
    }
    self.byName = byName
    self.writers = writers
    stages = try Self.ordered(declarations, writers: writers)
    readersByKind = stages.reduce(into: [:]) { readers, stage in
      for kind in stage.allReads { readers[kind, default: []].append(stage) }
    }
  }

  package subscript(name: StageName) -> StageDeclaration? { byName[name] }

  /// The stage that writes the kind; nil for what people give.
  package func writer(of kind: ArtifactKind) -> StageDeclaration? { writers[kind] }

  /// The stages that read the kind for assets of the media type, in order.
  package func readers(of kind: ArtifactKind, in mediaType: MediaType) -> [StageDeclaration] {
    (readersByKind[kind] ?? []).filter { stage in stage.reads[mediaType]?.contains { $0.kind == kind } == true }
  }

  private static func ordered(
    _ declarations: [StageDeclaration], writers: [ArtifactKind: StageDeclaration]
  ) throws(PipelineError) -> [StageDeclaration] {
    var ordered: [StageDeclaration] = []
    var placed: Set<StageName> = []
    var rest = declarations
    while !rest.isEmpty {
      let free = rest.filter { stage in
        stage.allReads.allSatisfy { kind in writers[kind].map { placed.contains($0.name) } ?? true }
      }
      guard !free.isEmpty else { throw .cycle(rest.map(\.name)) }
      ordered += free
      placed.formUnion(free.map(\.name))
      rest.removeAll { placed.contains($0.name) }
    }
    return ordered
  }
}

extension StageDeclaration {
  /// Every kind that it reads for any media type, in a stable order.
  package var allReads: [ArtifactKind] { Set(reads.values.joined().map(\.kind)).sorted() }
}

/// Why stages are no pipeline.
package enum PipelineError: Error, Equatable, CustomStringConvertible {
  case duplicateName(StageName)
  case twoWriters(of: ArtifactKind, StageName, StageName)
  case writesGiven(ArtifactKind, by: StageName)
  case unwritten(ArtifactKind, readBy: StageName)
  case cycle([StageName])

  package var description: String {
    switch self {
    case .duplicateName(let name): "two stages are called `\(name)`; names are unique"
    case .twoWriters(let kind, let one, let other):
      "`\(one)` and `\(other)` both write `\(kind)`; an artifact has one writer"
    case .writesGiven(let kind, let stage): "`\(stage)` writes `\(kind)`, which only people give"
    case .unwritten(let kind, let stage): "`\(stage)` reads `\(kind)`, which no stage writes and nobody gives"
    case .cycle(let names):
      "the stages \(names.map { "`\($0)`" }.joined(separator: ", ")) read in a circle; none of them could start"
    }
  }
}

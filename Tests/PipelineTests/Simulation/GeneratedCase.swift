import Hashing
import Pipeline
import TestSupport

/// A pipeline of one to ten stages, an asset that it has not seen yet, and what its stages make: all from one seed.
struct GeneratedCase {
  let seed: UInt64
  let pipeline: PipelineGraph
  let asset: AssetState
  let work: ImaginaryWork
  /// What is left of the seed's randomness, for what happens to the case.
  let random: SeededGenerator

  /// - Parameter isPlain: every stage makes its artifact: what is read is required or optional and there, nothing dies.
  init(seed: UInt64, isPlain: Bool = false) throws {
    var random = SeededGenerator(seed: seed)
    let mediaType = MediaType.allCases.randomElement(using: &random)!  // Proof: there are five of them.
    var kinds = ArtifactKind.given.sorted()
    var stages: [StageDeclaration] = []
    for number in 1...Int.random(in: 1...10, using: &random) {
      var reads: [MediaType: [Input]] = [:]
      for type in [mediaType, .text, .image]
      where isPlain ? type == mediaType : Int.random(in: 0..<8, using: &random) > 0 {
        reads[type] = Self.inputs(among: kinds, isPlain: isPlain, using: &random)
      }
      let stage = StageDeclaration(
        name: StageName(rawValue: "stage-\(number)")!, writes: ArtifactKind(rawValue: "made-\(number)"), reads: reads)
      stages.append(stage)
      kinds.append(stage.writes)
    }
    pipeline = try PipelineGraph(stages.shuffled(using: &random))

    var given: [ArtifactKind: Fingerprint] = [:]
    for kind in ArtifactKind.given.sorted() where isPlain || Int.random(in: 0..<4, using: &random) > 0 {
      given[kind] = Self.content(of: kind, using: &random)
    }
    asset = AssetState(
      id: try AssetID(parsing: "asset"), mediaType: mediaType, organisation: "default", lifecycle: .active,
      given: given)
    work = ImaginaryWork(seed: seed, deadly: isPlain || Bool.random(using: &random) ? 0 : 40)
    self.random = random
    self.seed = seed
  }

  /// One of few contents, so that edits are undone now and then.
  static func content(of kind: ArtifactKind, using random: inout SeededGenerator) -> Fingerprint {
    SHA256Digest(hashing: "\(kind) \(Int.random(in: 0..<2, using: &random))")
  }

  private static func inputs(
    among kinds: [ArtifactKind], isPlain: Bool, using random: inout SeededGenerator
  ) -> [Input] {
    // Late kinds first: chains are longer and more telling than fans.
    let nearest = kinds.suffix(6).shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random))
    return nearest.map { kind in
      switch Int.random(in: 0..<(isPlain ? 8 : 10), using: &random) {
      case 0..<4: .required(kind)
      case 4..<8: .optional(kind)
      default: .onlyWithout(kind)
      }
    }
  }
}

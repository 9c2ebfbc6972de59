import Hashing
import Pipeline

/// What the stages of a simulation make: a pure function of the stage and the recipe.
///
/// The contents are few, so that another recipe often gives the same artifact. Whether a stage gives up depends on its
/// inputs alone: then a result never stands beside a failure that only the definition tells apart.
struct ImaginaryWork {
  enum Result {
    case made(Fingerprint, isEmpty: Bool)
    case gaveUp
  }

  let seed: UInt64
  /// How many of 256 inputs make a stage give up.
  let deadly: UInt8

  func result(of stage: StageName, for recipe: Recipe) -> Result {
    let fate = SHA256Digest(hashing: "\(seed) \(stage)".utf8 + recipe.inputs.bytes).bytes[0]
    guard fate >= deadly else { return .gaveUp }
    let choice = SHA256Digest(hashing: "\(seed) \(stage)".utf8 + recipe.digest.bytes).bytes[0] % 3
    return .made(SHA256Digest(hashing: "\(stage) \(choice)"), isEmpty: choice == 0)
  }
}

import Pipeline

/// One delivery in someone's hands. Between any two steps its holder may die.
struct Worker {
  enum Step {
    case taken
    case claimed(Claim)
    /// Recorded, or found that there is nothing to do; then the delivery is acknowledged.
    case announcing([StageName])
  }

  /// A claimed run: what is made, and the fencing token that lets its claimant record it.
  struct Claim: Equatable {
    let stage: StageName
    let recipe: Recipe
    let token: Int
  }

  let doorbell: Doorbell
  var step = Step.taken
}

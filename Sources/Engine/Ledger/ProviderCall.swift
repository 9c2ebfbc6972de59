internal import Identifiers
internal import Pipeline

/// A call to a provider: its charge, and its place within the provider's limits.
struct ProviderCall: Sendable {
  let id = UUID.next()
  let provider: String
  let units: Double
  let unit: String
  let organisation: String
  let asset: AssetID
  let stage: StageName
  let terms: ProviderTerms

  /// What the call may cost, where a price is known.
  var cost: Double? { terms.price.map { $0 * units } }
}

/// What came of the wish to call a provider.
enum CallGrant: Sendable, Equatable {
  /// The charge is booked.
  case granted
  /// The limits allow it after so long at the earliest; nothing is booked.
  case wait(Duration)
}

/// A call that has ended.
struct CallEnd: Sendable {
  /// What it means for the charge.
  enum Outcome: String, Sendable {
    /// The provider answered.
    case settled
    /// It was not reached, or turned the call away.
    case failed
    /// Nobody knows: it may be paid for.
    case started
  }

  let id: UUID
  let isLimited: Bool
  let outcome: Outcome
}

extension CallEnd.Outcome {
  init(of failure: StageFailure) {
    switch failure.consequence {
    case .permanent: self = .settled
    case .unavailable, .deferred: self = .failed
    case .transient, .unknown, .interrupted: self = .started
    }
  }
}

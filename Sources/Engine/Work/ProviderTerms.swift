/// What is agreed with a provider, all workers together.
package struct ProviderTerms: Sendable, Equatable {
  /// The most calls that may begin within any minute; nil for any number.
  package var perMinute: Int?
  /// The most calls at a time; nil for any number.
  package var inFlight: Int?
  /// What a unit costs, in the currency of the house; nil where nobody said.
  package var price: Double?

  package init(perMinute: Int? = nil, inFlight: Int? = nil, price: Double? = nil) {
    self.perMinute = perMinute
    self.inFlight = inFlight
    self.price = price
  }

  /// Whether calls must be counted.
  var isLimited: Bool { perMinute != nil || inFlight != nil }
}

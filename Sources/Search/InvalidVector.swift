/// A vector that cannot be one of a model's.
package struct InvalidVector: Error, Equatable, CustomStringConvertible {
  package let description: String

  /// The largest number of half precision; what is larger becomes infinite.
  private static let largest = Float(Float16.greatestFiniteMagnitude)

  /// What is wrong with a vector; nil if nothing is.
  init?(_ vector: [Float], of model: EmbeddingModel) {
    let expected = "expected \(model.dimension) finite numbers, not all 0, of the model `\(model.name)`"
    if vector.count != model.dimension {
      description = "\(expected), got \(vector.count): is another model configured?"
    } else if !vector.allSatisfy({ $0.magnitude <= Self.largest }) {
      description = "\(expected), got one that is infinite, too large or not a number"
    } else if vector.allSatisfy({ Float16($0) == 0 }) {
      description = "\(expected), got only zeros, which have no direction"
    } else {
      return nil
    }
  }
}

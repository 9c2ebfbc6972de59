package import Pipeline

/// Says what is to be seen in a picture. There is no embedded one.
package protocol VisionProvider: Sendable {
  /// Who and which model: another name is another definition of the stage that asks.
  var name: String { get }

  /// What is to be seen in a picture file of a common format.
  func look(at picture: String) async throws(ProviderFailure) -> VisionAnswer
}

/// What a vision provider saw.
package struct VisionAnswer: Sendable, Equatable {
  package var labels: [Labels.Label]
  /// In a sentence or two.
  package var description: String?

  package init(labels: [Labels.Label], description: String?) {
    self.labels = labels
    self.description = description
  }
}

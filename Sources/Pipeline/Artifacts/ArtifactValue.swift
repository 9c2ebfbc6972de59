internal import FoundationEssentials
package import JSON

/// A type whose values are the JSON of an artifact.
package protocol ArtifactValue: Codable, Sendable, Equatable {}

extension ArtifactValue {
  /// The value as JSON.
  package var json: JSON {
    // Proof: these types hold strings, numbers, arrays and each other; none of their encodings can fail, and what
    // JSONEncoder writes is JSON.
    guard let data = try? JSONEncoder().encode(self), let json = try? JSON(parsing: Array(data)) else {
      preconditionFailure("\(Self.self) does not encode")
    }
    return json
  }

  /// Reads the value back.
  ///
  /// - Throws: what was expected and where; the artifact was written by another version, or by hand.
  package init(json: JSON) throws(InvalidArtifact) {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json.canonicalBytes))
    } catch {
      throw InvalidArtifact(type: "\(Self.self)", problem: "\(error)")
    }
  }
}

/// JSON that is not the value that was expected.
package struct InvalidArtifact: Error, CustomStringConvertible {
  let type: String
  let problem: String

  package var description: String { "not the JSON of \(type): \(problem)" }
}

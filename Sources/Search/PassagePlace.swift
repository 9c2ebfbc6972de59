internal import Identifiers

/// All of a passage's row but its text.
struct PassagePlace: Equatable {
  var ordinal: Int
  var root: UUID
  var modality: String
  /// In milliseconds of the root's time line.
  var start: Int64?
  var end: Int64?
  var section: String?
  /// A full-text configuration that the server has.
  var language: String
}

/// A passage as it should be.
struct WantedPassage: Equatable {
  var place: PassagePlace
  var text: String
  /// The SHA-256 of the text.
  var digest: [UInt8]
}

/// A passage as its row is.
struct StoredPassage: Equatable {
  var id: Int64
  var place: PassagePlace
  var digest: [UInt8]
  var hasVector: Bool
}

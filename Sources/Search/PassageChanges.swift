/// The least that turns an asset's rows into what they should be.
///
/// A row is known by what its words are made of: where a passage only moved, its row and its vector stay, which are
/// what costs.
struct PassageChanges: Equatable {
  struct Move: Equatable {
    var id: Int64
    var place: PassagePlace
  }

  var removed: [Int64] = []
  var moved: [Move] = []
  var added: [WantedPassage] = []
  /// Rows that stay and have no vector yet.
  var lackingVector: [Int64] = []

  /// - Parameters:
  ///   - stored: in the order of the ordinals.
  ///   - wanted: in the order of the ordinals.
  init(from stored: [StoredPassage], to wanted: [WantedPassage]) {
    // Of rows that are alike the first is taken first.
    var free = Dictionary(grouping: stored.reversed()) { Key(digest: $0.digest, place: $0.place) }
    for passage in wanted {
      guard let row = free[Key(digest: passage.digest, place: passage.place)]?.popLast() else {
        added.append(passage)
        continue
      }
      if row.place != passage.place { moved.append(Move(id: row.id, place: passage.place)) }
      if !row.hasVector { lackingVector.append(row.id) }
    }
    removed = free.values.joined().map(\.id).sorted()
  }

  private struct Key: Hashable {
    let digest: [UInt8]
    let section: String?
    let language: String

    init(digest: [UInt8], place: PassagePlace) {
      self.digest = digest
      section = place.section
      language = place.language
    }
  }
}

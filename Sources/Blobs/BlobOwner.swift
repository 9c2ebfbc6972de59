/// Whose blobs they are: the name of an organisation, which is a folder's name too.
///
/// 1 to 63 of `a–z`, `0–9` and `-`, not beginning with `-`: no path can be made of it.
package struct BlobOwner: Hashable, Sendable, LosslessStringConvertible {
  package let description: String

  /// Nil if the text is no such name.
  package init?(_ description: String) {
    let bytes = description.utf8
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.allSatisfy(isSlugCharacter) else {
      return nil
    }
    self.description = description
  }
}

private func isSlugCharacter(_ character: UInt8) -> Bool {
  switch character {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
  default: false
  }
}

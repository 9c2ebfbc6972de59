package import Hashing
package import Identifiers

/// Which asset: a UUID, or the UUID that stands for a producer's own slug.
package struct AssetID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let uuid: UUID

  package init(_ uuid: UUID) { self.uuid = uuid }

  package var description: String { uuid.description }

  package static func < (left: AssetID, right: AssetID) -> Bool { left.uuid < right.uuid }

  /// The longest slug, in bytes.
  package static let maximumSlugLength = 200

  /// Reads a UUID, or makes the id that a slug always has.
  ///
  /// A slug is made of ASCII letters, digits and `. _ ~ -`. Its id is derived from it (UUID version 8 over SHA-256),
  /// so that a message with a slug needs no look-up.
  ///
  /// - Throws: what was expected and what came.
  package init(parsing text: String) throws(InvalidAssetID) {
    if let uuid = UUID(text) {
      self.uuid = uuid
    } else if Self.isSlug(text) {
      self.uuid = UUID(derivedFrom: "slug", text)
    } else {
      throw InvalidAssetID(text: text)
    }
  }

  /// The id of a file: the same content of the same owner is one asset, however often it is handed in.
  package init(content: SHA256Digest, owner: String, organisation: String) {
    uuid = UUID(derivedFrom: "content", "\(organisation)/\(owner)/\(content)")
  }

  /// The id of a key frame: the same parent, time and picture give the same id.
  package init(keyFrameOf parent: AssetID, milliseconds: Int64, picture: SHA256Digest) {
    uuid = UUID(derivedFrom: "keyframe", "\(parent)/\(milliseconds)/\(picture)")
  }

  /// Whether the text can be a slug. What reads as a UUID is none.
  package static func isSlug(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= maximumSlugLength && UUID(text) == nil
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

/// A text that is neither a UUID nor a slug.
package struct InvalidAssetID: Error, Equatable, CustomStringConvertible {
  /// The text, cut to a length that fits a message.
  package let text: String

  init(text: String) { self.text = String(text.prefix(80)) }

  package var description: String {
    "not an asset id: expected a UUID or a slug (1 to \(AssetID.maximumSlugLength) of A-Z a-z 0-9 . _ ~ -), came `\(text)`"
  }
}

extension UUID {
  /// A UUID of version 8 (RFC 9562, section 5.8) over the SHA-256 of a name space and a name.
  fileprivate init(derivedFrom space: String, _ name: String) {
    let digest = SHA256Digest(hashing: "\(space):\(name)").bytes
    func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(
      high: word(digest[0..<8]) & ~0xF000 | 0x8000,
      low: word(digest[8..<16]) & ~(0b11 << 62) | 0b10 << 62)
  }
}

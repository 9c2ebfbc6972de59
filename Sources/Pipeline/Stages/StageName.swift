/// A stage's name on the wire: in messages, routing keys, queues and tables. It never changes with a Swift type.
package struct StageName: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
  package let rawValue: String

  /// Takes a name of 1 to 40 lower-case ASCII letters, digits, `-` and `_` that starts with a letter; nil for others.
  package init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard (1...40).contains(bytes.count), let first = bytes.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      bytes.allSatisfy({ byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      })
    else { return nil }
    self.rawValue = rawValue
  }

  package init(_ literal: StaticString) {
    guard let name = StageName(rawValue: literal.description) else {
      preconditionFailure("not a stage name: \(literal)")
    }
    self = name
  }

  package var description: String { rawValue }

  package static func < (left: StageName, right: StageName) -> Bool { left.rawValue < right.rawValue }
}

extension StageName {
  /// Serves the entry names; it makes no artifact.
  package static let dispatch = StageName("dispatch")
}

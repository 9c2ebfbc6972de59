/// Header fields in order; names are compared without regard to case.
package struct HTTPHeaders: Sendable, Equatable {
  /// One field.
  package struct Field: Sendable, Equatable {
    /// As it came or was given; compare it without regard to case.
    package let name: String
    /// Without the white space around it.
    package let value: String
  }

  /// The fields in the order they were added or came.
  package private(set) var fields: [Field] = []

  package init() {}

  /// Adds a field, also when one of that name is there.
  package mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  /// The value of the first field of that name; setting it replaces all of that name.
  package subscript(name: String) -> String? {
    get { fields.first { isSameName($0.name, name) }?.value }
    set {
      fields.removeAll { isSameName($0.name, name) }
      if let newValue { append(name, newValue) }
    }
  }

  /// The first field that HTTP does not allow (RFC 9110, section 5): a name that is no token, or a value with a
  /// control character, with which a caller's data could add fields of its own.
  package var firstInvalidField: Field? {
    fields.first { field in
      field.name.isEmpty || !field.name.utf8.allSatisfy(isTokenCharacter)
        || !field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }
}

/// A character of a token (RFC 9110, section 5.6.2).
package func isTokenCharacter(_ character: UInt8) -> Bool {
  switch character {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: "!#$%&'*+-.^_`|~".utf8.contains(character)
  }
}

private func isSameName(_ left: String, _ right: String) -> Bool {
  left.utf8.count == right.utf8.count
    && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}

private func lowercased(_ character: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character) ? character | 0x20 : character
}

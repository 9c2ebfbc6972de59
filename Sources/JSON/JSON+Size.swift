extension JSON {
  /// About how many bytes the value takes when it is written; cheap, for bounding batches.
  package var approximateSize: Int {
    switch self {
    case .null, .bool: 5
    case .integer, .number: 12
    case .string(let text): text.utf8.count + 2
    case .array(let elements): elements.reduce(2) { $0 + $1.approximateSize + 1 }
    case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.approximateSize }
    }
  }
}

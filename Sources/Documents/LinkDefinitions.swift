/// Link definitions (`[label]: destination "title"`) and footnote labels at the beginning of paragraphs.
enum LinkDefinitions {
  /// The paragraph without its definitions, whose labels are added to the set. The text of a footnote stays.
  static func taken(from paragraph: [UInt8], into references: inout Set<String>) -> [UInt8] {
    var rest = paragraph[...]
    while rest.first == UInt8(ascii: "["), let close = rest.prefix(1000).firstIndex(of: UInt8(ascii: "]")),
      close + 1 < rest.endIndex, rest[close + 1] == UInt8(ascii: ":")
    {
      let label = rest[(rest.startIndex + 1)..<close]
      if label.first == UInt8(ascii: "^") { return Array(rest[(close + 2)...]) }
      references.insert(folded(label))
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      rest = rest[end...].drop(while: \.isWhiteSpace)
    }
    return Array(rest)
  }

  /// Labels match without regard to case and white space.
  static func folded(_ label: ArraySlice<UInt8>) -> String {
    String(decoding: label, as: UTF8.self).collapsingWhiteSpace().lowercased()
  }
}

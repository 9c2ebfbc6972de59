/// Takes the markup out of a cue: tags of WebVTT and SRT, overrides of SubStation (`{\an8}`), character references.
enum CueText {
  /// The visible lines, each with who speaks it by the last `<v Name>` before it.
  static func lines(of markup: [UInt8]) -> [ShownCue.Line] {
    var lines: [ShownCue.Line] = []
    var speaker: String?
    var text: [UInt8] = []
    func endLine() {
      let line = String(decoding: text, as: UTF8.self).collapsingWhiteSpace()
      if !line.isEmpty { lines.append(ShownCue.Line(speaker: speaker, text: line)) }
      text.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < markup.count {
      switch markup[index] {
      case UInt8(ascii: "\n"):
        endLine()
        index += 1
      case UInt8(ascii: "<"):
        guard let tag = tag(in: markup, at: index) else { fallthrough }
        if tag.opensVoice || tag.closesVoice {
          endLine()
          speaker = tag.opensVoice ? annotation(of: markup[tag.range]) : nil
        }
        index = tag.range.upperBound
      case UInt8(ascii: "{") where index + 1 < markup.count && markup[index + 1] == UInt8(ascii: "\\"):
        let end = markup[index...].prefix(200).firstIndex(of: UInt8(ascii: "}"))
        if end == nil { text.append(markup[index]) }
        index = (end ?? index) + 1
      default:
        index = CharacterReferences.append(markup, at: index, to: &text)
      }
    }
    endLine()
    return lines
  }

  private struct Tag {
    let range: Range<Int>
    let opensVoice: Bool
    let closesVoice: Bool
  }

  /// The tag at a `<`, if it is one: a letter, a slash or the digit of a timestamp follows, and a `>` on the way.
  private static func tag(in markup: [UInt8], at index: Int) -> Tag? {
    guard index + 1 < markup.count else { return nil }
    let first = markup[index + 1]
    guard first.isLetter || first.isDigit || first == UInt8(ascii: "/") else { return nil }
    let candidate = markup[index...].prefix(400)
    guard let close = candidate.firstIndex(of: UInt8(ascii: ">")) else { return nil }
    let isVoice = first == UInt8(ascii: "v") && [" ", "\t", ".", ">"].contains(UnicodeScalar(markup[index + 2]))
    let closesVoice = markup[index..<close].elementsEqual("</v".utf8)
    return Tag(range: index..<close + 1, opensVoice: isVoice, closesVoice: closesVoice)
  }

  /// The name in `<v.loud Name of the Speaker>`.
  private static func annotation(of tag: ArraySlice<UInt8>) -> String? {
    guard let space = tag.firstIndex(where: \.isWhiteSpace) else { return nil }
    let name = CharacterReferences.decoded(Array(tag[space..<tag.endIndex - 1])).collapsingWhiteSpace()
    return name.isEmpty ? nil : name
  }
}

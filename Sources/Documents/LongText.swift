/// Cuts a sentence that is too long for a unit: after commas and the like if it can, else between words, and a word
/// without end between its characters. Content decides where, as it does for passages.
enum LongText {
  /// A word, or a piece of one; `spaced` if white space follows it.
  private struct Atom {
    var text: Substring
    var length: Int
    var spaced = false
  }

  private static let cuts = ContentDefinedCuts(radius: 100, limit: PassageUnit.limit - 2)
  private static let atomLimit = 40
  private static let clauseEnds: Set<Unicode.Scalar> = [",", ";", ":", "—", "–", "、", "，", "；", "："]

  /// The pieces in order, each at most `PassageUnit.limit - 2` scalars, and whether white space follows each.
  static func pieces(of text: Substring) -> [(text: Substring, spaced: Bool)] {
    let atoms = atoms(of: text)
    let ranks = atoms.indices.map { index in
      let previous = index > 0 ? atoms[index - 1].text.unicodeScalars.last : nil
      let next = index + 1 < atoms.count ? atoms[index + 1].text.endIndex : atoms[index].text.endIndex
      let afterClause = previous.map(clauseEnds.contains) ?? false
      return ContentRank.rank(of: text[atoms[index].text.startIndex..<next], preferred: afterClause)
    }
    return cuts.parts(lengths: atoms.map(\.length), ranks: ranks).map { part in
      let (first, last) = (atoms[part.lowerBound], atoms[part.upperBound - 1])
      return (text[first.text.startIndex..<last.text.endIndex], last.spaced)
    }
  }

  private static func atoms(of text: Substring) -> [Atom] {
    let scalars = text.unicodeScalars
    var atoms: [Atom] = []
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let start = index
      var length = 0
      while index < scalars.endIndex, !scalars[index].isBlank {
        scalars.formIndex(after: &index)
        length += 1
      }
      let word = text[start..<index]
      if length > atomLimit { atoms += characters(of: word) } else { atoms.append(Atom(text: word, length: length)) }
      guard index < scalars.endIndex else { break }
      while index < scalars.endIndex, scalars[index].isBlank {
        scalars.formIndex(after: &index)
        // White space inside a sentence counts in full: it stays in the text.
        length += 1
        atoms[atoms.count - 1].length += 1
      }
      atoms[atoms.count - 1].spaced = true
    }
    return atoms
  }

  /// The characters of an endless word. One that is endless itself (marks piled on a letter) is cut by force.
  private static func characters(of word: Substring) -> [Atom] {
    var atoms: [Atom] = []
    var index = word.startIndex
    while index < word.endIndex {
      let end = word.index(after: index)
      var start = index
      while let forced = word.unicodeScalars.index(start, offsetBy: atomLimit, limitedBy: end), forced < end {
        atoms.append(Atom(text: word[start..<forced], length: atomLimit))
        start = forced
      }
      let rest = word[start..<end]
      if !rest.isEmpty { atoms.append(Atom(text: rest, length: rest.unicodeScalars.count)) }
      index = end
    }
    return atoms
  }
}

/// What passages are made of and never divide: a sentence, or a piece of one that is too long.
struct PassageUnit {
  let text: String
  /// What stands between this unit and the next one of a passage.
  let separator: String
  /// Unicode scalars of text and separator.
  let length: Int
  /// Where it is said, for spoken text.
  let span: TimeSpan?
  let rank: UInt64

  /// The longest unit, so that every passage finds its cuts (see `ContentDefinedCuts`).
  static let limit = PassageCutter.limit - 2 * PassageCutter.radius

  init(text: some StringProtocol, separator: String, span: TimeSpan? = nil, startsParagraph: Bool) {
    self.text = String(text)
    self.separator = separator
    self.span = span
    length = text.unicodeScalars.count + separator.unicodeScalars.count
    rank = ContentRank.rank(of: text, preferred: startsParagraph)
  }

  /// The unit with another separator after it.
  func followed(by separator: String) -> PassageUnit {
    PassageUnit(self, separator: separator)
  }

  private init(_ unit: PassageUnit, separator: String) {
    text = unit.text
    self.separator = separator
    length = unit.length - unit.separator.unicodeScalars.count + separator.unicodeScalars.count
    span = unit.span
    rank = unit.rank
  }
}

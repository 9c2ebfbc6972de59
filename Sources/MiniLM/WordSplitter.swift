// Swift's own normalisation tables: the alternative is ICU (through Foundation) or a second copy of the tables.
@_spi(_Unicode) internal import Swift

/// The words of a text as uncased BERT models see them: without control characters and accents, in lower case, split
/// at white space; punctuation and Chinese characters are words of their own.
///
/// Source: `BertNormalizer` and `BertPreTokenizer` of https://github.com/huggingface/tokenizers.
struct WordSplitter: IteratorProtocol {
  /// A word in UTF-8. Of one that is too long to be known only the beginning is kept; `characters` says so.
  struct Word {
    var bytes: [UInt8] = []
    var characters = 0

    fileprivate mutating func append(_ scalar: Unicode.Scalar) {
      characters += 1
      if characters <= WordPieceTokenizer.maximumWordLength { bytes.append(contentsOf: scalar.utf8) }
    }
  }

  /// What a character does to the word before it.
  private enum Role {
    case dropped, separator, alone, letter
  }

  private var scalars: Unicode._NFD.Iterator
  /// A character that ended the last word and is the next one.
  private var pending: Unicode.Scalar?

  init(text: String) {
    scalars = text._nfd.makeIterator()
  }

  mutating func next() -> Word? {
    var word = Word()
    if let pending {
      self.pending = nil
      word.append(pending)
      return word
    }
    while let scalar = scalars.next() {
      switch Self.role(of: scalar) {
      case .dropped: continue
      case .separator where word.characters == 0: continue
      case .separator: return word
      case .alone where word.characters == 0:
        word.append(scalar)
        return word
      case .alone:
        pending = scalar
        return word
      case .letter: Self.lowercase(scalar) { word.append($0) }
      }
    }
    return word.characters == 0 ? nil : word
  }

  private static func lowercase(_ scalar: Unicode.Scalar, _ take: (Unicode.Scalar) -> Void) {
    switch scalar {
    case "A"..."Z": take(Unicode.Scalar(UInt8(scalar.value) + 0x20))
    case _ where scalar.isASCII: take(scalar)
    default: scalar.properties.lowercaseMapping.unicodeScalars.forEach(take)
    }
  }

  private static func role(of scalar: Unicode.Scalar) -> Role {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": return .letter
    case " ", "\t", "\n", "\r": return .separator
    case "!"..."~": return .alone
    case "\u{FFFD}": return .dropped
    case _ where isChinese(scalar): return .alone
    default: break
    }
    guard isOldEnough(scalar) else { return .letter }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate, .nonspacingMark: return .dropped
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return .alone
    default: return scalar.properties.isWhitespace ? .separator : .letter
    }
  }

  /// Whether the reference has heard of the character: its tables are those of Unicode 8, what came later is a letter.
  private static func isOldEnough(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= 8
  }

  /// The blocks that the reference takes for Chinese: ideographs, not kana or hangul.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}

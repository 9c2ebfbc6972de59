/// Cuts text into the token ids that uncased BERT models read, exactly as their published tokenizer does.
///
/// Text is cleaned of control characters, decomposed, stripped of accents and lower-cased (`WordSplitter`); each word
/// becomes the longest pieces that the vocabulary knows, from left to right.
package struct WordPieceTokenizer: Sendable {
  /// A word of more characters than this is unknown as a whole.
  static let maximumWordLength = 100

  private let vocabulary: Vocabulary
  private let unknown: Int32
  private let begin: Int32
  private let end: Int32
  private let specials: [(text: [UInt8], id: Int32)]

  /// Reads `vocab.txt`.
  ///
  /// - Throws: why the file cannot be used; `malformed` if one of the five special pieces is not in it.
  package init(vocabularyPath path: String) throws(ModelError) {
    vocabulary = try Vocabulary(path: path)
    var specials: [(text: [UInt8], id: Int32)] = []
    for text in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as [StaticString] {
      guard let id = vocabulary.id(of: text) else {
        throw .malformed(path: path, problem: "it has no piece \(text)")
      }
      specials.append((text.withUTF8Buffer { Array($0) }, id))
    }
    self.specials = specials
    (unknown, begin, end) = (specials[1].id, specials[2].id, specials[3].id)
  }

  /// How many pieces the vocabulary has; ids are smaller.
  var vocabularySize: Int { vocabulary.count }

  /// The ids of the text between `[CLS]` and `[SEP]`, at most `limit` (2 or more) with both.
  ///
  /// The names of special pieces in the text stand for them, as in the reference. No more of the text is read than
  /// the limit needs.
  package func tokens(of text: String, limit: Int) -> [Int32] {
    precondition(limit >= 2, "the limit must leave room for [CLS] and [SEP]")
    var ids = [begin]
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      for position in bytes.indices where bytes[position] == UInt8(ascii: "[") {
        guard ids.count < limit else { return }
        // Inside a name that was just taken (none contains a second bracket, so only a position before `start`).
        guard position >= start, let special = special(in: bytes[position...]) else { continue }
        append(bytes[start..<position], to: &ids, limit: limit)
        ids.append(special.id)
        start = position + special.text.count
      }
      append(bytes[start...], to: &ids, limit: limit)
    }
    if ids.count > limit - 1 { ids.removeLast(ids.count - (limit - 1)) }
    ids.append(end)
    return ids
  }

  private func special(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (text: [UInt8], id: Int32)? {
    specials.first { bytes.starts(with: $0.text) }
  }

  private func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, to ids: inout [Int32], limit: Int) {
    var splitter = WordSplitter(text: String(decoding: bytes, as: UTF8.self))
    while ids.count < limit, let word = splitter.next() { append(word, to: &ids) }
  }

  private func append(_ word: WordSplitter.Word, to ids: inout [Int32]) {
    guard word.characters <= Self.maximumWordLength else { return ids.append(unknown) }
    let known = ids.count
    var position = 0
    while position < word.bytes.count {
      guard let match = vocabulary.longestMatch(in: word.bytes, from: position, continues: position > 0) else {
        ids.removeLast(ids.count - known)
        return ids.append(unknown)
      }
      ids.append(match.id)
      position = match.end
    }
  }
}

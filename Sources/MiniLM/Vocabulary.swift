/// The pieces that a WordPiece model knows, one a line; the line, counted from 0, is the piece's id.
///
/// A hash table over the bytes of the file: nothing is allocated per piece, and canonically equivalent pieces, which
/// are one `String`, stay apart.
struct Vocabulary: Sendable {
  /// How many pieces there are.
  let count: Int

  private let contents: [UInt8]
  /// Where each piece begins in `contents` (behind the `##` of one that continues a word) and ends.
  private var pieces: [(start: Int32, end: Int32, continues: Bool)] = []
  /// Open addressing with linear probing; -1 is a free slot.
  private var slots: [Int32]
  private var longest = 0

  /// A vocabulary larger than this many bytes is refused.
  private static let maximumSize = 1 << 22

  /// - Throws: why the file cannot be used: missing, unreadable, too large, or a piece that is there twice.
  init(path: String) throws(ModelError) {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= Self.maximumSize else {
      throw .malformed(path: path, problem: "it has \(file.bytes.count) bytes, at most \(Self.maximumSize) are allowed")
    }
    contents = Array(file.bytes)
    let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    count = contents.last == UInt8(ascii: "\n") ? lines.count - 1 : lines.count
    var capacity = 1
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: -1, count: capacity)
    pieces.reserveCapacity(count)
    for (id, line) in lines.prefix(count).enumerated() {
      let continues = line.count > 2 && line.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")])
      let start = continues ? line.startIndex + 2 : line.startIndex
      pieces.append((start: Int32(start), end: Int32(line.endIndex), continues: continues))
      guard insert(id) else { throw .malformed(path: path, problem: "line \(id + 1) repeats an earlier one") }
      longest = max(longest, line.endIndex - start)
    }
  }

  /// The id of a piece that begins a word.
  func id(of piece: StaticString) -> Int32? {
    let bytes = piece.withUTF8Buffer { Array($0) }
    guard let match = longestMatch(in: bytes, from: 0, continues: false), match.end == bytes.count else { return nil }
    return match.id
  }

  /// The longest piece that `word` has at `start`, and where it ends.
  func longestMatch(in word: [UInt8], from start: Int, continues: Bool) -> (id: Int32, end: Int)? {
    var match: (id: Int32, end: Int)?
    var hash = Self.seed(continues: continues)
    for end in start..<min(word.count, start + longest) {
      hash = Self.mix(hash, word[end])
      if let id = find(word[start...end], hash: hash, continues: continues) { match = (id, end + 1) }
    }
    return match
  }
}

extension Vocabulary {
  // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): the hash of a prefix is a step to that of the next one.
  private static func seed(continues: Bool) -> UInt32 { continues ? 0x811C_9DC4 : 0x811C_9DC5 }
  private static func mix(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

  /// The last mixing step spreads the high bits into the low ones that choose a slot.
  private func slot(_ hash: UInt32) -> Int { Int(hash ^ (hash >> 15)) & (slots.count - 1) }

  private func find(_ piece: ArraySlice<UInt8>, hash: UInt32, continues: Bool) -> Int32? {
    var slot = slot(hash)
    while slots[slot] >= 0 {
      let candidate = pieces[Int(slots[slot])]
      if candidate.continues == continues, Int(candidate.end - candidate.start) == piece.count,
        contents[Int(candidate.start)..<Int(candidate.end)].elementsEqual(piece)
      {
        return slots[slot]
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Whether the piece was new.
  private mutating func insert(_ id: Int) -> Bool {
    let (start, end, continues) = pieces[id]
    let piece = contents[Int(start)..<Int(end)]
    let hash = piece.reduce(Self.seed(continues: continues)) { Self.mix($0, $1) }
    guard find(piece, hash: hash, continues: continues) == nil else { return false }
    var slot = slot(hash)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(id)
    return true
  }
}

/// A hash of how a picture looks: pictures that look alike differ in few of its 256 bits.
///
/// Each bit says whether the picture gets darker from one of 17 × 16 cells to the next (a difference hash). The cells
/// are small enough for a new line of text on a slide to show.
package struct PerceptualHash: Sendable, Hashable, CustomStringConvertible {
  /// Cells in a row; a bit lies between two of them.
  package static let width = 17
  package static let height = 16
  /// Differences up to this many of 255 are noise of the compression on a plain ground.
  private static let noise: Int16 = 2

  private let words: [UInt64]

  /// - Parameter grey: the cells, row by row; nil unless there are exactly ``width`` × ``height``.
  package init?(grey: some Collection<UInt8>) {
    let cells = grey.map(Int16.init)
    guard cells.count == Self.width * Self.height else { return nil }
    var words: [UInt64] = []
    var word: UInt64 = 0
    for row in 0..<Self.height {
      for column in 0..<Self.width - 1 {
        let index = row * Self.width + column
        word = word << 1 | (cells[index] > cells[index + 1] + Self.noise ? 1 : 0)
      }
      if row % 4 == 3 {
        words.append(word)
        word = 0
      }
    }
    self.words = words
  }

  /// In how many bits the two differ, from 0 to 256.
  package func distance(to other: PerceptualHash) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  /// 64 hexadecimal digits.
  package var description: String {
    words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

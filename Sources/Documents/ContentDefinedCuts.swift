/// Cuts a sequence of pieces into parts so that a change stays where it is made.
///
/// Each piece has a length and a rank (a hash of its content). A piece is an **anchor** when no other piece that begins
/// within `radius` of its own beginning has a lower rank; of equal ranks the first counts. A part begins at each anchor,
/// so where parts begin follows from what is nearby and never from how much came before. What lies between two anchors,
/// a **stretch**, is a part — or, when it is longer than `limit`, cut again from its beginning at the lowest ranks.
///
/// What can be proved of one edit (a piece replaced, inserted or removed):
/// - Two anchors are more than `radius` apart, and so are the first and last from the ends of the sequence.
/// - Only pieces that begin within `radius` of the edited piece can become or cease to be anchors. Before it and after
///   it, that is room for one anchor each; the edited piece may be one itself, but then it leaves none to one side.
/// - Hence at most two anchors come or go: **at most three neighbouring stretches are replaced by at most three, and
///   all others remain as they were.**
/// - No piece being longer than `limit - 2 * radius`, every part of a sequence longer than `radius` is at least
///   `radius` and at most `limit` long, so a stretch of length L is at most L / `radius` parts.
///
/// Linear in the number of pieces: each is looked at a constant number of times.
struct ContentDefinedCuts {
  /// How far a piece's beginning is compared with others; the shortest part.
  let radius: Int
  /// The longest part.
  let limit: Int

  /// The parts as ranges of pieces, in order and without gaps.
  ///
  /// - Parameters:
  ///   - lengths: of the pieces, each from 1 to `limit - 2 * radius`.
  ///   - ranks: of the pieces, as many as lengths.
  func parts(lengths: [Int], ranks: [UInt64]) -> [Range<Int>] {
    guard !lengths.isEmpty else { return [] }
    var positions = [0]
    positions.reserveCapacity(lengths.count + 1)
    for length in lengths { positions.append(positions[positions.count - 1] + length) }
    var parts: [Range<Int>] = []
    let anchors = anchors(positions: positions, ranks: ranks)
    for (start, end) in zip([0] + anchors, anchors + [lengths.count]) {
      cut(start..<end, positions: positions, ranks: ranks, into: &parts)
    }
    return parts
  }

  /// The pieces, without the first, that outrank all within the radius on both sides.
  private func anchors(positions: [Int], ranks: [UInt64]) -> [Int] {
    let count = ranks.count
    let total = positions[count]
    var beatenFromLeft = [Bool](repeating: false, count: count)
    var beatenFromRight = beatenFromLeft
    // The pieces whose rank is lower than of all after them, as far as the walk has come.
    var rising: [Int] = []
    for index in 1..<max(count, 1) {
      while let last = rising.last, ranks[last] > ranks[index] {
        if positions[index] - positions[last] <= radius { beatenFromRight[last] = true }
        rising.removeLast()
      }
      if let last = rising.last { beatenFromLeft[index] = positions[index] - positions[last] <= radius }
      rising.append(index)
    }
    return (1..<max(count, 1)).filter {
      !beatenFromLeft[$0] && !beatenFromRight[$0] && positions[$0] > radius && total - positions[$0] > radius
    }
  }

  /// Adds a stretch, in parts if it is too long.
  private func cut(_ stretch: Range<Int>, positions: [Int], ranks: [UInt64], into parts: inout [Range<Int>]) {
    var start = stretch.lowerBound
    let end = positions[stretch.upperBound]
    while end - positions[start] > limit, start + 1 < stretch.upperBound {
      let latest = min(positions[start] + limit, end - radius)
      var best = start + 1
      var index = best
      while index < stretch.upperBound, positions[index] <= latest {
        let tooEarly = positions[best] < positions[start] + radius
        if tooEarly || ranks[index] < ranks[best] { best = index }
        index += 1
      }
      parts.append(start..<best)
      start = best
    }
    parts.append(start..<stretch.upperBound)
  }
}

/// The name that a mistyped one most likely means, or nil if none is near.
///
/// Near means: at most a third of the letters differ, and at least one difference is allowed. Case counts for nothing.
package func nearestName(to mistyped: String, in names: some Sequence<String>) -> String? {
  let longest = 64
  guard !mistyped.isEmpty, mistyped.utf8.count <= longest * 4 else { return nil }
  let typed = Array(mistyped.lowercased())
  guard typed.count <= longest else { return nil }
  var best: (name: String, distance: Int)?
  for name in names {
    let letters = Array(name.lowercased())
    let allowed = max(1, max(typed.count, letters.count) / 3)
    // A single letter is near every other one: that is no hint.
    guard letters.count <= longest, min(typed.count, letters.count) > 1 || typed == letters,
      abs(letters.count - typed.count) <= allowed
    else { continue }
    let distance = editDistance(typed, letters)
    if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}

/// The Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps of
/// neighbours, no part edited twice.
func editDistance<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
  if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for row in 1...first.count {
    var current = [row]
    current.reserveCapacity(second.count + 1)
    for column in 1...second.count {
      let isSame = first[row - 1] == second[column - 1]
      var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
      if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
        cost = min(cost, beforeLast[column - 2] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[second.count]
}

internal import Operations
internal import Text

extension ExpectedCost {
  /// For people: runs, time, and what providers count.
  var words: String {
    var words = ["\(runs) runs"]
    if runs > 0 { words.append("about \(time.shortText) one after the other") }
    if untimedRuns > 0 { words.append("\(untimedRuns) of them never timed") }
    words += units.sorted { $0.key.provider < $1.key.provider }.map {
      "\($0.value) \($0.key.name) of \($0.key.provider)"
    }
    return words.joined(separator: ", ")
  }
}

import Pipeline
import Stages
import TestSupport
import Testing

@Suite struct SpeechWindowsTests {
  private func cut(_ duration: Int64, _ silences: [(Int64, Int64)] = []) -> [[Int64]] {
    let track = AudioTrack(
      durationMilliseconds: duration, silences: silences.map { AudioTrack.Silence(start: $0.0, end: $0.1) })
    return SpeechWindows.cut(track).map { [$0.start, $0.end] }
  }

  @Test func `what is short is one window`() {
    #expect(cut(60_000, [(20_000, 20_800)]) == [[0, 60_000]])
  }

  @Test func `long silences belong to no window, but for a margin`() {
    #expect(cut(60_000, [(0, 5000), (20_000, 30_000)]) == [[4700, 20_300], [29_700, 60_000]])
    #expect(cut(60_000, [(50_000, 60_000)]) == [[0, 50_300]])
  }

  @Test func `what is long is cut in the last silence that fits`() {
    #expect(
      cut(400_000, [(100_000, 101_000), (250_000, 251_000), (310_000, 311_000)]) == [
        [0, 250_500], [250_500, 400_000],
      ])
  }

  @Test func `who never pauses is cut all the same`() {
    #expect(cut(700_000) == [[0, 300_000], [300_000, 600_000], [600_000, 700_000]])
  }

  @Test(arguments: 0..<200)
  func `windows are in order, bounded, and hold all that is heard`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let duration = Int64.random(in: 0...3_000_000, using: &random)
    var silences: [(Int64, Int64)] = []
    var time = Int64.random(in: 0...20_000, using: &random)
    while time + 500 < duration {
      let end = min(duration, time + Int64.random(in: 500...8000, using: &random))
      silences.append((time, end))
      time = end + Int64.random(in: 500...200_000, using: &random)
    }
    let windows = cut(duration, silences)
    for (window, next) in zip(windows, windows.dropFirst()) { #expect(window[1] <= next[0], "seed \(seed)") }
    for window in windows {
      #expect(window[0] >= 0 && window[0] < window[1] && window[1] <= duration, "seed \(seed)")
      #expect(window[1] - window[0] <= SpeechWindows.longest, "seed \(seed)")
    }
    let edges: [Int64] = [0] + silences.flatMap { silence -> [Int64] in [silence.0, silence.1] } + [duration]
    for index in stride(from: 0, to: edges.count, by: 2) where edges[index + 1] - edges[index] >= 500 {
      let heard = (edges[index] + edges[index + 1]) / 2
      #expect(windows.contains { $0[0] <= heard && heard < $0[1] }, "seed \(seed), at \(heard)")
    }
  }
}

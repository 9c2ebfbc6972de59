/// Which pictures of a video are taken.
package struct KeyFrameRules: Sendable, Equatable {
  /// The most pictures of one video.
  package var count: Int
  /// The least time between two pictures of different scenes, in milliseconds.
  package var sceneInterval: Int64
  /// The least time between two pictures of one scene, in milliseconds.
  package var interval: Int64
  /// Pictures whose hashes differ in at least this many of 256 bits are of different scenes.
  package var sceneChange: Int
  /// Pictures whose hashes differ in at most this many of 256 bits are one.
  package var sameness: Int
  /// The longer edge in pixels; smaller videos stay as they are.
  package var longestEdge: Int

  package init(
    count: Int = 200, sceneInterval: Int64 = 1000, interval: Int64 = 10_000, sceneChange: Int = 16, sameness: Int = 5,
    longestEdge: Int = 1280
  ) {
    precondition(count > 0 && sceneInterval > 0 && longestEdge >= 16)
    self.count = count
    self.sceneInterval = sceneInterval
    self.interval = interval
    self.sceneChange = sceneChange
    self.sameness = sameness
    self.longestEdge = longestEdge
  }

  /// How many pictures back a look-alike is searched for: two people who speak in turn are two pictures, while a slide
  /// that is shown again much later is found at both times.
  private static let memory = 8

  /// Leaves out what looks like one of the few before it, and what follows too soon; if too many are left, every so
  /// many-th stays.
  ///
  /// - Parameter frames: in the order of their times.
  package func choose(among frames: [ExtractedFrame]) -> [ExtractedFrame] {
    var chosen: [ExtractedFrame] = []
    for frame in frames where isNew(frame, after: chosen) { chosen.append(frame) }
    guard chosen.count > count else { return chosen }
    return (0..<count).map { chosen[$0 * chosen.count / count] }
  }

  private func isNew(_ frame: ExtractedFrame, after chosen: [ExtractedFrame]) -> Bool {
    guard let last = chosen.last else { return true }
    let isOtherScene = frame.hash.distance(to: last.hash) >= sceneChange
    guard frame.milliseconds - last.milliseconds >= (isOtherScene ? sceneInterval : interval) else { return false }
    return !chosen.suffix(Self.memory).contains { $0.hash.distance(to: frame.hash) <= sameness }
  }
}

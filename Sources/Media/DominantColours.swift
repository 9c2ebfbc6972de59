/// The colours that make up most of a picture.
package struct DominantColours: Sendable, Equatable {
  package struct Share: Sendable, Equatable {
    /// As `#rrggbb`.
    package let colour: String
    /// Of the picture, from 0 to 1.
    package let share: Double
  }

  /// The largest share first.
  package let shares: [Share]

  /// Colours closer than this (as a distance in the cube of 255³) are one.
  private static let sameness = 48
  /// Smaller shares are left out.
  private static let smallest = 0.03

  /// - Parameters:
  ///   - pixels: three bytes each, red, green, blue; an incomplete last one does not count.
  ///   - count: the most colours that are wanted.
  package init(pixels: [UInt8], count: Int = 5) {
    var clusters: [Cluster] = []
    for bucket in Self.buckets(of: pixels) {
      if let near = clusters.firstIndex(where: { $0.isNear(bucket) }) {
        clusters[near].add(bucket)
      } else {
        clusters.append(bucket)
      }
    }
    let total = Double(max(1, pixels.count / 3))
    shares = clusters.sorted { ($0.pixels, $1.key) > ($1.pixels, $0.key) }.prefix(count).compactMap { cluster in
      let share = (Double(cluster.pixels) / total * 1000).rounded() / 1000
      return share < Self.smallest ? nil : Share(colour: cluster.colour, share: share)
    }
  }

  /// The pixels by their four highest bits a channel, the fullest bucket first.
  private static func buckets(of pixels: [UInt8]) -> [Cluster] {
    var buckets: [Int: Cluster] = [:]
    for index in stride(from: 0, to: pixels.count / 3 * 3, by: 3) {
      let (red, green, blue) = (Int(pixels[index]), Int(pixels[index + 1]), Int(pixels[index + 2]))
      let key = (red >> 4) << 8 | (green >> 4) << 4 | blue >> 4
      buckets[key, default: Cluster(key: key)].add(red: red, green: green, blue: blue)
    }
    return buckets.values.sorted { ($0.pixels, $1.key) > ($1.pixels, $0.key) }
  }

  /// Pixels of about one colour, and their sums.
  private struct Cluster {
    /// Of the bucket that it began with: breaks ties, so that equal pictures give equal colours.
    let key: Int
    var pixels = 0
    var red = 0
    var green = 0
    var blue = 0

    mutating func add(red: Int, green: Int, blue: Int) {
      pixels += 1
      self.red += red
      self.green += green
      self.blue += blue
    }

    mutating func add(_ other: Cluster) {
      pixels += other.pixels
      red += other.red
      green += other.green
      blue += other.blue
    }

    func isNear(_ other: Cluster) -> Bool {
      let differences = zip(mean, other.mean).map { $0 - $1 }
      return differences.reduce(0) { $0 + $1 * $1 } < sameness * sameness
    }

    private var mean: [Int] { [red / pixels, green / pixels, blue / pixels] }

    var colour: String {
      "#" + mean.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}

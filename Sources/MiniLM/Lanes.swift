/// Eight floats that are worked on together.
typealias Lanes = SIMD8<Float>

extension UnsafePointer<Float> {
  /// The eight floats from `index`.
  @inline(__always)
  func lanes(_ index: Int) -> Lanes { UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self) }
}

extension UnsafeMutablePointer<Float> {
  /// The eight floats from `index`.
  @inline(__always)
  func lanes(_ index: Int) -> Lanes { UnsafePointer(self).lanes(index) }

  /// Replaces the eight floats from `index`.
  @inline(__always)
  func store(_ lanes: Lanes, _ index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
  }
}

// Products and sums are written apart, not as `addingProduct`: without FMA in the baseline instruction set that one
// becomes a call into libm for each lane.

extension Lanes {
  /// The lanes, none below the bound. (`pointwiseMax` works lane by lane.)
  @inline(__always)
  func atLeast(_ bound: Lanes) -> Lanes { replacing(with: bound, where: self .< bound) }

  /// The lanes, none above the bound.
  @inline(__always)
  func atMost(_ bound: Lanes) -> Lanes { replacing(with: bound, where: self .> bound) }

  /// e to the power of each lane, for lanes ≤ 0, with a relative error below 2e-7; below -87 it stays at e^-87.
  ///
  /// Source: `expf` of the Cephes library (https://www.netlib.org/cephes/).
  @inline(__always)
  static func exponential(_ x: Lanes) -> Lanes {
    let x = x.atLeast(Lanes(repeating: -87))
    // Adding 1.5 · 2²³ rounds to a whole number, which is then found in the low bits.
    let rounder: Float = 12_582_912
    let shifted = x * 1.442_695_04 + rounder
    let whole = shifted - rounder
    let rest = x - whole * 0.693_359_375 + whole * 2.121_944_4e-4
    var power = rest * 1.987_569_15e-4 + 1.398_199_95e-3
    power = power * rest + 8.333_451_9e-3
    power = power * rest + 4.166_579_6e-2
    power = power * rest + 1.666_666_55e-1
    power = power * rest + 5.000_000_1e-1
    power = power * rest * rest + rest + 1
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- Int32(bitPattern: rounder.bitPattern)
    return power * unsafeBitCast((exponent &+ 127) &<< 23, to: Lanes.self)
  }

  /// The error function of each lane with an absolute error below 5e-7.
  ///
  /// Source: the rational approximation in Eigen (`generic_fast_erf_float`); beyond ±4 the result is ±1 in floats.
  @inline(__always)
  static func errorFunction(_ x: Lanes) -> Lanes {
    let x = x.atMost(Lanes(repeating: 4)).atLeast(Lanes(repeating: -4))
    let square = x * x
    var above = square * -2.726_142_258_013_06e-10 + 2.770_681_424_959_02e-8
    above = above * square + -2.101_024_020_825_08e-6
    above = above * square + -5.692_506_394_623_46e-5
    above = above * square + -7.349_906_303_268_55e-4
    above = above * square + -2.954_599_808_540_25e-3
    above = above * square + -1.609_603_332_624_15e-2
    var below = square * -1.456_607_184_649_96e-5 + -2.133_740_552_789_05e-4
    below = below * square + -1.682_826_974_382_03e-3
    below = below * square + -7.373_329_167_204_68e-3
    below = below * square + -1.426_473_905_141_89e-2
    return x * above / below
  }
}

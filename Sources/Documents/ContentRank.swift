/// Ranks pieces of text by their content alone: the same on every machine and in every run.
enum ContentRank {
  /// FNV-1a over the UTF-8, then mixed (the finaliser of SplitMix64), because FNV leaves the upper bits of short words
  /// alike and ranks are compared from the top.
  ///
  /// - Parameter preferred: whether to rank before everything that is not.
  static func rank(of text: some StringProtocol, preferred: Bool) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    hash ^= hash >> 31
    return preferred ? hash >> 1 : hash >> 1 | 1 << 63
  }
}

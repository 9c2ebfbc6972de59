/// The writing systems that the languages here use.
enum Script {
  case latin, cyrillic, greek, armenian, hebrew, arabic, devanagari, tamil

  /// The script of more than half of the letters.
  static func dominant(in scalars: some Sequence<Unicode.Scalar>) -> Script? {
    var counts: [Script: Int] = [:]
    var letters = 0
    for scalar in scalars where scalar.properties.isAlphabetic {
      letters += 1
      if let script = Script(of: scalar) { counts[script, default: 0] += 1 }
    }
    return counts.first { $0.value * 2 > letters }?.key
  }

  /// The script of a letter, by its Unicode block.
  private init?(of scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x41...0x24F, 0x1E00...0x1EFF: self = .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
    case 0x400...0x52F: self = .cyrillic
    case 0x530...0x58F: self = .armenian
    case 0x590...0x5FF: self = .hebrew
    case 0x600...0x6FF, 0x750...0x77F: self = .arabic
    case 0x900...0x97F: self = .devanagari
    case 0xB80...0xBFF: self = .tamil
    default: return nil
    }
  }
}

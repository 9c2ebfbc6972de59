import JSON
import Testing

@Suite struct JSONTests {
  static let allowed: [(String, JSON)] = [
    ("null", .null), ("true", true), (" [1, 2.5, -3e2] ", [1, 2.5, .number(-300)]),
    (#"{"a":{"b":[]},"c":"\u00e9\n\ud83d\ude00"}"#, ["a": ["b": []], "c": "é\n😀"]),
    ("-0", 0), ("0", 0), ("0.5", 0.5), ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number(9.223372036854775808e18)),
  ]

  @Test(arguments: allowed)
  func `parses what the specification allows`(text: String, expected: JSON) throws {
    #expect(try JSON(parsing: text) == expected)
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "-01", "1.", ".5", "1e", "nul", "\"\t\"", "\"\\x\"",
    "\"\\ud800\"",
    "\"\\udc00\"", "\"abc", "1 2", "{a:1}", "'a'", "[1 2]", "1e999", "\u{FEFF}1",
  ])
  func `refuses what it does not`(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test func `invalid UTF-8 is refused`() {
    #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xC3, 0x28, 0x22]) }
  }

  @Test func `nesting is bounded`() {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: JSONError.self) { try JSON(parsing: deep) }
    #expect(error?.problem == "nested deeper than 64 levels")
  }

  @Test func `canonical text is the same for equal values`() throws {
    let one = try JSON(parsing: #"{"b": 1.0, "a": [true, null], "é": "\u0001/"}"#)
    let other = try JSON(parsing: #"{"é":"\u0001\/","a":[true,null],"b":1}"#)
    #expect(one.canonicalText == #"{"a":[true,null],"b":1,"é":"\u0001/"}"#)
    #expect(one.canonicalText == other.canonicalText)
  }

  @Test(arguments: 0..<200)
  func `what is written is read back`(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let value = Self.value(depth: 4, using: &generator)
    #expect(try JSON(parsing: value.canonicalBytes).canonicalBytes == value.canonicalBytes)
  }

  @Test(arguments: 0..<200)
  func `damaged bytes never crash it`(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    var bytes = Self.value(depth: 4, using: &generator).canonicalBytes
    for _ in 0..<3 where !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
    }
    _ = try? JSON(parsing: bytes)
  }

  struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static func value(depth: Int, using generator: inout SplitMix) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: .null
    case 1: .bool(.random(using: &generator))
    case 2: .integer(.random(in: .min ... .max, using: &generator))
    case 3: .number(.random(in: -1e9...1e9, using: &generator))
    case 4: .string(text(using: &generator))
    case 5:
      .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(depth: depth - 1, using: &generator) })
    default:
      .object(
        Dictionary(
          (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
            (text(using: &generator), value(depth: depth - 1, using: &generator))
          }
        ) { first, _ in first })
    }
  }

  static func text(using generator: inout SplitMix) -> String {
    let alphabet: [Character] = ["a", "\"", "\\", "\n", "\u{1}", "é", "😀", "漢", "/", "\u{7F}", " "]
    return String(
      (0..<Int.random(in: 0..<8, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
  }
}

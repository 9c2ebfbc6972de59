import TestSupport
import Testing
import Text

@Suite struct ValueFormatTests {
  enum Lane: String, CaseIterable { case live, bulk }

  @Test(arguments: [
    ("90s", Duration.seconds(90)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)), ("250ms", .milliseconds(250)),
    ("2d", .seconds(172_800)), ("0s", .zero),
  ])
  func `a duration is written in whole numbers of units`(text: String, duration: Duration) throws {
    #expect(try ValueFormat<Duration>.duration.value(from: text) == duration)
  }

  @Test(arguments: ["", "5", "s", "5x", "-5s", "1.5s", "5m1h", "1s1s", "1 s", "9223372036854775807d", "５s"])
  func `what is not a duration is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try ValueFormat<Duration>.duration.value(from: text) }
  }

  @Test func `any duration in milliseconds survives being written and read`() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let shift = Int64.random(in: 0..<62, using: &random)
      let duration = Duration.milliseconds(Int64.random(in: 0...(1 << shift), using: &random))
      #expect(Duration(shortText: duration.shortText) == duration)
    }
  }

  @Test(arguments: [("512", 512), ("64KiB", 65_536), ("64kib", 65_536), ("2GB", 2_000_000_000), ("0", 0), ("3b", 3)])
  func `a size has an optional unit`(text: String, bytes: Int) throws {
    #expect(try ValueFormat.byteCount.value(from: text) == bytes)
  }

  @Test(arguments: ["", "KiB", "1.5GB", "-1", "10XB", "9999999TiB", "1 KiB"])
  func `what is not a size is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try ValueFormat.byteCount.value(from: text) }
  }

  @Test func `any size survives being written and read`() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2000 {
      let bytes = Int.random(in: 0...(1 << Int.random(in: 0..<62, using: &random)), using: &random)
      #expect(try ValueFormat.byteCount.value(from: ValueFormat.byteCount.text(of: bytes)) == bytes)
    }
  }

  @Test func `a number out of range is refused with the range`() {
    let format = ValueFormat.integer(1...100)
    #expect(format.limits == "1 to 100")
    let error = #expect(throws: InvalidValue.self) { try format.value(from: "101") }
    #expect(error?.description == "expected a whole number, 1 to 100, got '101'")
  }

  @Test(arguments: ["nan", "inf", "0x10", "1e999", "", "-1"])
  func `a decimal number is finite and written in decimal`(text: String) {
    #expect(throws: InvalidValue.self) { try ValueFormat.decimal(0...).value(from: text) }
  }

  @Test func `a mistyped choice comes back with the nearest`() throws {
    #expect(try ValueFormat<Lane>.choice.value(from: "bulk") == .bulk)
    let error = #expect(throws: InvalidValue.self) { try ValueFormat<Lane>.choice.value(from: "lvie") }
    #expect(error?.description == "expected one of live, bulk, got 'lvie'; did you mean 'live'?")
  }

  @Test func `a list is separated by commas`() throws {
    #expect(try ValueFormat.list(of: .integer).value(from: "1, 2,3") == [1, 2, 3])
    #expect(try ValueFormat.list(of: .integer).value(from: "") == [])
    #expect(throws: InvalidValue.self) { try ValueFormat.list(of: .integer).value(from: "1,,2") }
  }

  @Test(arguments: ["http://", "ftp://x", "example.com", "http://a b", "http://a\nb"])
  func `what is not a URL of the schemes is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try ValueFormat.url(schemes: ["http", "https"]).value(from: text) }
  }
}

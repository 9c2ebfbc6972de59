import Identifiers
import Testing

@Suite struct UUIDTests {
  @Test func `text is lower-case with dashes and reads back`() throws {
    let id = UUID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(id.description == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(UUID("01234567-89ab-cdef-fedc-ba9876543210") == id)
  }

  @Test func `bytes are in network order and read back`() {
    let id = UUID(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)
    #expect(id.bytes == Array(0...15))
    #expect(UUID(bytes: Array(0...15)) == id)
  }

  @Test func `any identifier survives text and bytes`() {
    for _ in 0..<1000 {
      let id = UUID(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max))
      #expect(UUID(id.description) == id)
      #expect(UUID(bytes: id.bytes) == id)
    }
  }

  @Test(arguments: [
    "", "0123456789abcdeffedcba9876543210", "01234567-89AB-cdef-fedc-ba9876543210",
    "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
    "0123456-789ab-cdef-fedc-ba9876543210", "{1234567-89ab-cdef-fedc-ba987654321}",
    "01234567-89ab-cdef-fedc-ba987654321g", " 1234567-89ab-cdef-fedc-ba9876543210",
    "01234567-89ab-cdef-fedc-ba98765432é",
  ])
  func `any other spelling is refused`(text: String) {
    #expect(UUID(text) == nil)
  }

  @Test(arguments: [0, 15, 17])
  func `any other number of bytes is refused`(count: Int) {
    #expect(UUID(bytes: [UInt8](repeating: 1, count: count)) == nil)
  }

  @Test func `order is the order of the text`() {
    let ids = (0..<200).map { _ in UUID(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max)) }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
  }
}

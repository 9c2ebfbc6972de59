import Observability
import TestSupport
import Testing

@Suite struct TraceContextTests {
  static let example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  @Test func `the specification's example is read`() throws {
    let context = try #require(TraceContext(traceparent: Self.example))
    #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c")
    #expect(context.spanID == "b7ad6b7169203331")
    #expect(context.isSampled)
    #expect(context.traceparent == Self.example)
  }

  @Test(arguments: [
    "", "00", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
    " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
    "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
    "+0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ])
  func `anything else is refused`(header: String) {
    #expect(TraceContext(traceparent: header) == nil)
  }

  @Test func `of a later version, what is known is read`() {
    #expect(
      TraceContext(traceparent: "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more")?.isSampled == false)
  }

  @Test func `a new trace and its children are written and read back`() throws {
    for isSampled in [true, false] {
      let root = TraceContext.root(isSampled: isSampled)
      let child = root.child()
      #expect(TraceContext(traceparent: root.traceparent) == root)
      #expect(TraceContext(traceparent: child.traceparent) == child)
      #expect(child.traceID == root.traceID && child.spanID != root.spanID && child.isSampled == isSampled)
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `a damaged header is refused or reads as a valid one, never crashes`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      var bytes = Array(Self.example.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...2, using: &random))
      if let context = TraceContext(traceparent: String(decoding: bytes, as: UTF8.self)) {
        #expect(TraceContext(traceparent: context.traceparent) == context)
      }
    }
  }
}

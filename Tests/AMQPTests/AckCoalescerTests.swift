import AMQP
import TestSupport
import Testing

@Suite struct AckCoalescerTests {
  /// What a broker does with acknowledgements: it knows the deliveries that wait for one, and refuses others.
  struct Broker {
    var waiting: [UInt64] = []
    var acknowledged: Set<UInt64> = []

    mutating func receive(_ frame: AckCoalescer.Frame) {
      guard waiting.contains(frame.tag) else {
        Issue.record("406 PRECONDITION_FAILED - unknown delivery tag \(frame.tag)")
        return
      }
      let covered = waiting.filter { frame.multiple ? $0 <= frame.tag : $0 == frame.tag }
      acknowledged.formUnion(covered)
      waiting.removeAll { covered.contains($0) }
    }
  }

  private func take(from acks: inout AckCoalescer, expecting expected: [(tag: UInt64, multiple: Bool)]) {
    let frames = acks.take()
    #expect(frames.map(\.tag) == expected.map(\.tag))
    #expect(frames.map(\.multiple) == expected.map(\.multiple))
  }

  @Test func `a complete prefix is one frame, what lies behind a gap is said alone`() throws {
    var acks = AckCoalescer()
    for tag in 1...6 as ClosedRange<UInt64> { try acks.deliver(tag) }
    for tag in [3, 1, 2, 5] as [UInt64] { acks.acknowledge(tag) }
    take(from: &acks, expecting: [(3, true), (5, false)])
    #expect(acks.isDirty == false)
    // The last of the prefix, 5, is settled already: the frame must name 4.
    acks.acknowledge(4)
    take(from: &acks, expecting: [(4, false)])
    acks.acknowledge(6)
    take(from: &acks, expecting: [(6, false)])
  }

  @Test func `what was settled or never delivered is ignored`() throws {
    var acks = AckCoalescer()
    try acks.deliver(1)
    try acks.deliver(2)
    let rejections = [acks.reject(1), acks.reject(1)]
    #expect(rejections == [true, false])
    acks.acknowledge(1)
    acks.acknowledge(3)
    acks.acknowledge(0)
    #expect(!acks.isDirty)
    take(from: &acks, expecting: [])
    acks.acknowledge(2)
    acks.acknowledge(2)
    take(from: &acks, expecting: [(2, false)])
  }

  @Test func `a delivery out of turn is a violation`() throws {
    var acks = AckCoalescer()
    try acks.deliver(1)
    #expect(throws: AMQPError.self) { try acks.deliver(3) }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `in whatever order work ends, the broker hears exactly what was acknowledged`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var acks = AckCoalescer()
    var broker = Broker()
    var open: [UInt64] = []
    var acknowledged: Set<UInt64> = []
    var delivered: UInt64 = 0
    for _ in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        delivered += 1
        try acks.deliver(delivered)
        broker.waiting.append(delivered)
        open.append(delivered)
      case 4..<8 where !open.isEmpty:
        // Often the oldest, at times any.
        let index = Bool.random(using: &random) ? 0 : Int.random(in: open.indices, using: &random)
        let tag = open.remove(at: index)
        acks.acknowledge(tag)
        acknowledged.insert(tag)
      case 8 where !open.isEmpty:
        let tag = open.remove(at: Int.random(in: open.indices, using: &random))
        let mustSend = acks.reject(tag)
        #expect(mustSend, "seed \(seed)")
        broker.waiting.removeAll { $0 == tag }
      default:
        for frame in acks.take() { broker.receive(frame) }
        #expect(broker.acknowledged == acknowledged, "seed \(seed)")
      }
    }
    for frame in acks.take() { broker.receive(frame) }
    #expect(broker.acknowledged == acknowledged, "seed \(seed)")
    #expect(broker.waiting == open.sorted(), "seed \(seed)")
  }
}

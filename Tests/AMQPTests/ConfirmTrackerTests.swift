import AMQP
import TestSupport
import Testing

@Suite struct ConfirmTrackerTests {
  @Test func `confirmations come out of order and in bulk`() throws {
    var tracker = ConfirmTracker<String>()
    for name in ["a", "b", "c", "d"] { tracker.track(name) }
    var settled: [String] = []
    try tracker.settle(tag: 2, multiple: false) { settled.append($0) }
    try tracker.settle(tag: 3, multiple: true) { settled.append($0) }
    #expect(settled == ["b", "a", "c"])
    #expect(tracker.unsettled == ["d"])
    // Zero with `multiple` means all there are.
    try tracker.settle(tag: 0, multiple: true) { settled.append($0) }
    #expect(tracker.count == 0)
  }

  @Test(arguments: [(3, false), (3, true), (0, false)] as [(UInt64, Bool)])
  func `a confirmation of what was not sent is a violation`(tag: UInt64, multiple: Bool) {
    var tracker = ConfirmTracker<Int>()
    tracker.track(1)
    tracker.track(2)
    #expect(throws: AMQPError.self) { try tracker.settle(tag: tag, multiple: multiple) { _ in } }
  }

  @Test func `the oldest entry that matches and is not settled is found`() throws {
    var tracker = ConfirmTracker<String>()
    for value in ["a1", "b1", "b2", "b3"] { tracker.track(value) }
    try tracker.settle(tag: 2, multiple: false) { _ in }
    #expect(tracker.first { $0.hasPrefix("b") } == "b2")
    #expect(tracker.first { $0.hasPrefix("c") } == nil)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `each message is settled once, whatever the order`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var tracker = ConfirmTracker<UInt64>()
    var waiting: [UInt64] = []
    var sent: UInt64 = 0
    for _ in 0..<500 {
      if waiting.isEmpty || Int.random(in: 0..<3, using: &random) > 0 {
        sent += 1
        tracker.track(sent)
        waiting.append(sent)
      } else {
        let tag = waiting[Int.random(in: waiting.indices, using: &random)]
        let multiple = Int.random(in: 0..<4, using: &random) == 0
        let expected = waiting.filter { multiple ? $0 <= tag : $0 == tag }
        var settled: [UInt64] = []
        try tracker.settle(tag: tag, multiple: multiple) { settled.append($0) }
        #expect(settled == expected, "seed \(seed)")
        waiting.removeAll { expected.contains($0) }
      }
      #expect(tracker.count == waiting.count, "seed \(seed)")
    }
    #expect(tracker.unsettled == waiting, "seed \(seed)")
  }
}

import Engine
import TestSupport
import Testing

/// When a dependency may be asked.
@Suite struct BreakerTests {
  private let start = ContinuousClock.now

  @Test func `one failure that says that it is down opens it, and one probe closes it`() {
    var breaker = Breaker()
    breaker.fail(breaker.admit(at: start), at: start)
    #expect(breaker.state(at: start) == .open)
    guard case .refused(let wait) = breaker.admit(at: start) else {
      Issue.record("expected a refusal")
      return
    }
    #expect(wait > .zero && wait <= .seconds(1))
    #expect(breaker.state(at: start + wait) == .halfOpen)
    #expect(breaker.admit(at: start + wait) == .probe)
    guard case .refused = breaker.admit(at: start + wait) else {
      Issue.record("expected one probe at a time")
      return
    }
    breaker.succeed()
    #expect(breaker.state(at: start) == .closed)
    #expect(breaker.admit(at: start) == .through)
  }

  @Test func `doubtful failures open it when several come in a row`() {
    var breaker = Breaker()
    for _ in 1..<Breaker.tolerance { breaker.doubt(breaker.admit(at: start), at: start) }
    breaker.succeed()
    for _ in 1..<Breaker.tolerance { breaker.doubt(breaker.admit(at: start), at: start) }
    #expect(breaker.state(at: start) == .closed)
    breaker.doubt(breaker.admit(at: start), at: start)
    #expect(breaker.state(at: start) == .open)
  }

  @Test func `the pauses grow while it stays down, to a minute at most`() {
    var breaker = Breaker()
    var now = start
    var pauses: [Duration] = []
    for _ in 0..<12 {
      breaker.fail(breaker.admit(at: now), at: now)
      guard case .refused(let wait) = breaker.admit(at: now) else { continue }
      pauses.append(wait)
      now += wait
    }
    #expect(pauses.count == 12)
    #expect(pauses.allSatisfy { $0 <= .seconds(60) })
    #expect(pauses.last! >= .seconds(30))
    for (one, third) in zip(pauses, pauses.dropFirst(2)) where one < .seconds(15) { #expect(third > one) }
  }

  @Test func `a dependency is left alone for as long as it asks`() {
    var breaker = Breaker()
    breaker.fail(breaker.admit(at: start), at: start, pause: .seconds(90))
    #expect(breaker.state(at: start + .seconds(89)) == .open)
    #expect(breaker.state(at: start + .seconds(90)) == .halfOpen)
    var resting = Breaker()
    resting.hold(until: start + .seconds(7))
    #expect(resting.state(at: start) == .closed)
    #expect(resting.admit(at: start) == .refused(for: .seconds(7)))
    #expect(resting.admit(at: start + .seconds(7)) == .through)
  }

  @Test func `a probe that ends without an answer gives its turn to the next`() {
    var breaker = Breaker()
    breaker.fail(.through, at: start, pause: .seconds(1))
    let later = start + .seconds(1)
    #expect(breaker.admit(at: later) == .probe)
    breaker.abandon(.probe, at: later)
    #expect(breaker.admit(at: later) == .probe)
  }

  @Test func `whatever happens, there is one probe at a time and none while it is closed`() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    var breaker = Breaker()
    var now = start
    var calls: [Breaker.Admission] = []
    for _ in 0..<5000 {
      now += .milliseconds(Int64.random(in: 0...900, using: &generator))
      switch Int.random(in: 0...5, using: &generator) {
      case 0, 1:
        let wasClosed = breaker.state(at: now) == .closed
        let admission = breaker.admit(at: now)
        if wasClosed { #expect(admission == .through, "seed \(seed)") }
        if admission == .probe { #expect(!calls.contains(.probe), "seed \(seed)") }
        if case .refused = admission { continue }
        calls.append(admission)
      case let outcome:
        guard let call = calls.indices.randomElement(using: &generator).map({ calls.remove(at: $0) }) else { continue }
        // A probe whose circuit a late success has closed is no probe any more.
        switch outcome {
        case 2:
          breaker.succeed()
          calls = calls.map { _ in .through }
        case 3: breaker.doubt(call, at: now)
        case 4: breaker.fail(call, at: now)
        default: breaker.abandon(call, at: now)
        }
      }
    }
  }
}

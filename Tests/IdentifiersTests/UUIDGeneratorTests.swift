import Identifiers
import Synchronization
import Testing

@Suite struct UUIDGeneratorTests {
  /// A clock that shows what it is told to.
  final class HandClock: Sendable {
    let nanoseconds: Atomic<UInt64>
    init(nanoseconds: UInt64) { self.nanoseconds = Atomic(nanoseconds) }
  }

  @Test func `version, variant and time are where RFC 9562 says`() {
    // The example of RFC 9562, appendix A.6: 0x017F22E279B0 milliseconds.
    let id = UUIDGenerator(clock: { 0x017F_22E2_79B0 * 1_000_000 }).next()
    #expect(id.version == 7)
    #expect(id.low >> 62 == 0b10)
    #expect(id.description.hasPrefix("017f22e2-79b0-7000-"))
  }

  @Test func `each is greater than the one before, also when the clock stands still or goes back`() {
    let clock = HandClock(nanoseconds: 1_700_000_000_000_000_000)
    let generator = UUIDGenerator(clock: { clock.nanoseconds.load(ordering: .relaxed) })
    var last = generator.next()
    for step in 0..<10_000 {
      if step == 5000 { clock.nanoseconds.store(1_600_000_000_000_000_000, ordering: .relaxed) }
      let id = generator.next()
      #expect(id > last)
      last = id
    }
    #expect(last.version == 7)
  }

  @Test func `tasks that make identifiers at once never make the same`() async {
    let all = await withTaskGroup(of: [UUID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<2000).map { _ in UUID.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(all.map(\.high)).count == 16_000)
  }
}

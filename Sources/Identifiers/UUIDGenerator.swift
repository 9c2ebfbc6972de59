internal import Glibc
internal import Synchronization

/// Makes time-ordered identifiers (UUIDv7, RFC 9562, 5.7), each greater than the one before it.
///
/// The first 60 free bits are the wall-clock time in 1/4096 of a millisecond (RFC 9562, 6.2, method 3); where the
/// clock stands still or goes back, they count on from the last one. The other 62 are random.
package final class UUIDGenerator: Sendable {
  /// The generator that ``UUID/next()`` uses: order holds across the process.
  package static let shared = UUIDGenerator()

  private let lastStamp = Atomic<UInt64>(0)
  private let clock: @Sendable () -> UInt64

  /// Makes a generator.
  ///
  /// - Parameter clock: the time since 1970, in nanoseconds.
  package init(clock: @escaping @Sendable () -> UInt64 = UUIDGenerator.systemNanoseconds) {
    self.clock = clock
  }

  /// A fresh identifier, greater than all that this generator made before.
  package func next() -> UUID {
    let stamp = nextStamp()
    let high = (stamp >> 12) << 16 | 0x7000 | stamp & 0xFFF
    let low = UInt64.random(in: 0...UInt64.max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(high: high, low: low)
  }

  /// 48 bits of milliseconds and 12 bits of their fraction.
  private func nextStamp() -> UInt64 {
    let nanoseconds = clock()
    let (milliseconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let now = milliseconds << 12 | (rest << 12) / 1_000_000
    var last = lastStamp.load(ordering: .relaxed)
    while true {
      let stamp = max(now, last + 1)
      let (exchanged, original) = lastStamp.compareExchange(expected: last, desired: stamp, ordering: .relaxed)
      if exchanged { return stamp }
      last = original
    }
  }

  /// The system's wall clock: nanoseconds since 1970.
  package static func systemNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension UUID {
  /// A fresh time-ordered identifier, greater than every one this process made before.
  package static func next() -> UUID { UUIDGenerator.shared.next() }
}

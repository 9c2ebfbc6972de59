internal import Glibc

/// A moment as `timestamptz` keeps it: whole microseconds, without a time zone.
package struct Timestamp: Hashable, Sendable {
  /// Microseconds since 1970-01-01 00:00 UTC, leap seconds not counted.
  package let microsecondsSince1970: Int64

  /// From 1970-01-01 to 2000-01-01, where PostgreSQL begins to count.
  static let microsecondsFrom1970To2000: Int64 = 946_684_800_000_000

  package init(microsecondsSince1970: Int64) { self.microsecondsSince1970 = microsecondsSince1970 }

  /// Makes a moment of milliseconds since 1970.
  package init(millisecondsSince1970: Int64) { self.init(microsecondsSince1970: millisecondsSince1970 * 1000) }

  /// Milliseconds since 1970, rounded down.
  package var millisecondsSince1970: Int64 {
    let (quotient, remainder) = microsecondsSince1970.quotientAndRemainder(dividingBy: 1000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The wall clock of this machine.
  package static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microsecondsSince1970: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  /// The moment after this much time, to the microsecond.
  package static func + (left: Timestamp, right: Duration) -> Timestamp {
    let (seconds, attoseconds) = right.components
    return Timestamp(
      microsecondsSince1970: left.microsecondsSince1970 + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }

  /// The time between two moments.
  package static func - (left: Timestamp, right: Timestamp) -> Duration {
    .microseconds(left.microsecondsSince1970 - right.microsecondsSince1970)
  }
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microsecondsSince1970 < right.microsecondsSince1970
  }
}

extension Timestamp: PostgresScalar {
  package static var postgresType: PostgresType { .timestamptz }
  package static var postgresArrayType: PostgresType { .timestamptzArray }
  package func encode(into buffer: inout PostgresBuffer) {
    buffer.append(microsecondsSince1970 - Self.microsecondsFrom1970To2000)
  }

  /// Reads `timestamptz`; the server's `infinity` and `-infinity`, and moments that 64 bits of microseconds since 1970
  /// cannot hold, are refused.
  package init(decoding cell: PostgresCell) throws(PostgresMismatch) {
    let since2000 = try cell.integer(Int64.self, of: .timestamptz)
    let (since1970, overflow) = since2000.addingReportingOverflow(Self.microsecondsFrom1970To2000)
    guard !overflow, since2000 != .min else {
      throw PostgresMismatch(expected: "a finite timestamptz", found: since2000 < 0 ? "-infinity" : "infinity")
    }
    self.init(microsecondsSince1970: since1970)
  }
}

internal import Glibc

/// Something that was done, as a part of a trace.
package struct Span: Sendable {
  /// What a span is to others; the numbers are those of OpenTelemetry.
  package enum Kind: Int, Sendable {
    /// Sends a message.
    case producer = 4
    /// Serves a message.
    case consumer = 5
  }

  package let name: String
  package let kind: Kind
  /// Its own place, which what follows from it names as its parent.
  package let context: TraceContext
  /// The place that it follows from; nil at the start of a trace.
  package let parent: TraceContext?
  /// Nanoseconds since 1970.
  package let start: UInt64
  package let end: UInt64
  package let attributes: [(key: String, value: LogValue)]
  /// Why it failed; nil if it did not.
  package let failure: String?

  /// A span that ends now.
  package init(
    _ name: String, _ kind: Kind, context: TraceContext, parent: TraceContext? = nil, start: UInt64,
    attributes: [(key: String, value: LogValue)], failure: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.context = context
    self.parent = parent
    self.start = start
    // The clock may have been set back meanwhile.
    end = max(start, Self.now)
    self.attributes = attributes
    self.failure = failure
  }

  /// The time for ``start``.
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

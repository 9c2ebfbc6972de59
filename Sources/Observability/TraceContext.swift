/// A place in a distributed trace, as the header `traceparent` carries it (W3C Trace Context, version 00).
package struct TraceContext: Sendable, Hashable {
  /// 32 lower-case hexadecimal digits, not all zero.
  package let traceID: String
  /// 16 lower-case hexadecimal digits, not all zero.
  package let spanID: String
  /// Whether the caller records the trace.
  package let isSampled: Bool

  private init(traceID: String, spanID: String, isSampled: Bool) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
  }

  /// Starts a trace.
  package static func root(isSampled: Bool = true) -> TraceContext {
    // A zero half is allowed, so only the whole has to differ from zero: the lower half alone ensures it.
    let traceID = hexadecimal(UInt64.random(in: 0...UInt64.max)) + hexadecimal(UInt64.random(in: 1...UInt64.max))
    return TraceContext(traceID: traceID, spanID: newSpanID(), isSampled: isSampled)
  }

  /// A new span of the same trace.
  package func child() -> TraceContext {
    TraceContext(traceID: traceID, spanID: Self.newSpanID(), isSampled: isSampled)
  }

  /// Reads a header's value; nil if it is not exactly as the specification has it.
  ///
  /// A later version may go on after a dash; what is known of it is read (section 3.2.4).
  package init?(traceparent: String) {
    let bytes = Array(traceparent.utf8)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
    let (version, trace, span, flags) = (bytes[0..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55])
    let isHexadecimal = [version, trace, span, flags].allSatisfy { $0.allSatisfy(Self.isHexadecimalDigit) }
    let zero = UInt8(ascii: "0")
    guard isHexadecimal, trace.contains(where: { $0 != zero }), span.contains(where: { $0 != zero }),
      let number = UInt8(String(decoding: version, as: UTF8.self), radix: 16), number != 0xFF,
      bytes.count == 55 || number > 0 && bytes[55] == dash,
      let flagBits = UInt8(String(decoding: flags, as: UTF8.self), radix: 16)
    else { return nil }
    traceID = String(decoding: trace, as: UTF8.self)
    spanID = String(decoding: span, as: UTF8.self)
    isSampled = flagBits & 1 == 1
  }

  /// The header's value.
  package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

  private static func newSpanID() -> String { hexadecimal(UInt64.random(in: 1...UInt64.max)) }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

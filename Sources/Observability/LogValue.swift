/// A value in a log line.
package enum LogValue: Sendable, Hashable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)

  /// A duration in seconds, for ``LogKey/seconds``.
  package static func seconds(_ duration: Duration) -> LogValue { .decimal(duration / .seconds(1)) }
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .decimal(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

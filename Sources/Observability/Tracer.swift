/// Where spans go. Whoever has none makes none.
package struct Tracer: Sendable {
  private let take: @Sendable (Span) -> Void

  /// - Parameter take: takes a span; it must not wait.
  package init(take: @escaping @Sendable (Span) -> Void) { self.take = take }

  /// Hands a span over, unless its trace is one that nobody records.
  package func record(_ span: @autoclosure () -> Span, in context: TraceContext) {
    if context.isSampled { take(span()) }
  }
}

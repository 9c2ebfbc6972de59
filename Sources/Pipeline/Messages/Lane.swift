/// Which of the two streams of messages: people wait for one of them.
package enum Lane: String, Sendable, Hashable, CaseIterable {
  /// Someone waits.
  case live
  /// Back-fill; it never starves the other.
  case bulk
}

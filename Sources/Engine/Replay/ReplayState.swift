/// Where a replay is in its life.
package enum ReplayState: String, Sendable, CaseIterable {
  /// Its list is being written.
  case selecting
  /// Its list is frozen, and nothing is announced until somebody says so.
  case preview
  case running
  /// Nothing more is announced until it is resumed. What was announced goes on.
  case paused
  /// Nothing more is announced, ever. What was announced goes on.
  case cancelled
  /// Everything on its list has come to an end.
  case finished
}

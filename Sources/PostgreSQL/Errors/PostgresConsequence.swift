/// What an error means for whoever asked.
package enum PostgresConsequence: Hashable, Sendable {
  /// The same may succeed later: the server or the way to it failed, or it lost against a concurrent transaction.
  case retry
  /// The same will fail again: the statement, its parameters or the settings are wrong.
  case permanent
  /// Whether the work was done cannot be known from here; look before doing it again.
  case outcomeUnknown
}

/// What became of a published message.
package enum PublishOutcome: Sendable, Equatable {
  /// The broker is responsible for it now: it is in every queue that its key led to.
  case confirmed
  /// No queue took it (312, `NO_ROUTE`); it is nowhere.
  case returned(code: UInt16, text: String)
  /// A queue refused it: it is full (`overflow=reject-publish`) or failed. It may be in others.
  case rejected
}

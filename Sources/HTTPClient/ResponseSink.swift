/// Where the content of a response goes. Every method is called on the transfer loop's thread.
protocol ResponseSink: AnyObject, Sendable {
  /// Called once before the transfer.
  func start() throws(SinkError)

  /// Called once before the first content, if there is any.
  func begin(_ head: HTTPResponseHead)

  /// Takes content over.
  ///
  /// - Returns: false if it has no room now and wants the same bytes again later.
  func take(_ bytes: UnsafeRawBufferPointer) throws(SinkError) -> Bool

  /// Called once after `start()`, whatever happened between.
  func end(isComplete: Bool) throws(SinkError)
}

/// A file that cannot be written, and why.
struct SinkError: Error {
  let detail: String
}

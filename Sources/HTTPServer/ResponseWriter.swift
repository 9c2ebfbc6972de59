/// What the producer of a streamed answer writes to.
package struct ResponseWriter: Sendable {
  let stream: ResponseStream

  /// Sends bytes, and waits while the client is far behind.
  ///
  /// - Throws: ``ConnectionLost`` once nobody reads any more, or `CancellationError`.
  package func write(_ bytes: [UInt8]) async throws { try await stream.write(bytes) }

  /// Sends text.
  package func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}

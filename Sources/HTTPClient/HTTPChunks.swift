/// The content of a response while it comes, for one consumer.
package struct HTTPChunks: Sendable {
  let sink: ChunkSink
  let transfer: Transfer
  let loop: TransferLoop

  /// The next bytes, at least one; nil at the end of the content.
  package func next() async throws(HTTPClientError) -> [UInt8]? {
    while true {
      switch sink.observe() {
      case .chunk(let bytes, let wasPaused):
        if wasPaused { loop.unpause(transfer) }
        return bytes
      case .finished(let result):
        _ = try result.get()
        return nil
      case .nothingYet:
        await waitForChange()
      }
    }
  }

  func head() async throws(HTTPClientError) -> HTTPResponseHead {
    while true {
      if let result = sink.observeHead() { return try result.get() }
      await waitForChange()
    }
  }

  private func waitForChange() async {
    await withTaskCancellationHandler {
      await sink.waitForChange()
    } onCancel: {
      loop.cancel(transfer)
    }
  }
}

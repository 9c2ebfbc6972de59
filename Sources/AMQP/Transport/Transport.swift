/// A connected stream of bytes that never blocks.
protocol Transport: AnyObject {
  var fileDescriptor: Int32 { get }

  /// Input that was taken from the descriptor already, so that polling does not show it.
  var hasBufferedInput: Bool { get }

  /// The last ``send(_:)`` or ``receive(into:)`` stopped until there is room in the descriptor.
  var waitsForRoom: Bool { get }

  /// - Returns: how many bytes came; zero if there are none at present.
  /// - Throws: ``AMQPError/connectionLost(_:)``, also when the peer has closed.
  func receive(into room: UnsafeMutableRawBufferPointer) throws(AMQPError) -> Int

  /// - Returns: how many bytes went; zero if there is no room at present.
  /// - Throws: ``AMQPError/connectionLost(_:)``.
  func send(_ bytes: UnsafeRawBufferPointer) throws(AMQPError) -> Int

  func close()
}

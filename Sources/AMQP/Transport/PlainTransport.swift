internal import Glibc

/// A TCP connection without encryption.
final class PlainTransport: Transport {
  let fileDescriptor: Int32
  let hasBufferedInput = false
  private(set) var waitsForRoom = false
  private var isOpen = true

  /// Takes the descriptor over.
  init(_ socket: consuming Socket) { fileDescriptor = socket.release() }

  deinit { close() }

  func receive(into room: UnsafeMutableRawBufferPointer) throws(AMQPError) -> Int {
    while true {
      let count = recv(fileDescriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
      if count > 0 { return count }
      if count == 0 { throw .connectionLost("the broker closed it without a word") }
      if errno == EAGAIN { return 0 }
      if errno != EINTR { throw .connectionLost(systemMessage(errno)) }
    }
  }

  func send(_ bytes: UnsafeRawBufferPointer) throws(AMQPError) -> Int {
    waitsForRoom = false
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
      let count = Glibc.send(fileDescriptor, rest.baseAddress, rest.count, flags)
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        waitsForRoom = true
        break
      } else if errno != EINTR {
        throw .connectionLost(systemMessage(errno))
      }
    }
    return sent
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    _ = Glibc.close(fileDescriptor)
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

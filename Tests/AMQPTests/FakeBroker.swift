import AMQP
import Concurrency
import Glibc
import Synchronization
import TestSupport

/// A peer that says what a test makes it say, and nothing else.
final class FakeBroker: Sendable {
  /// Frames of a broker, as bytes.
  enum Script {
    static let start = method(10, 10, [0, 9, 0, 0, 0, 0] + [0, 0, 0, 5] + "PLAIN".utf8 + [0, 0, 0, 5] + "en_US".utf8)
    /// 2047 channels, frames of 128 KiB, a heartbeat each second.
    static let tune = method(10, 30, [0x07, 0xFF, 0, 2, 0, 0, 0, 1])
    static let openOk = method(10, 41, [0])
    static let closeOk = method(10, 51, [])
    static let unblocked = method(10, 61, [])

    static func blocked(_ reason: String) -> [UInt8] { method(10, 60, [UInt8(reason.utf8.count)] + reason.utf8) }

    /// What begins a consumer on channel 1.
    static let consuming =
      method(20, 11, [0, 0, 0, 0], channel: 1) + method(60, 11, [], channel: 1)
      + method(60, 21, [3] + "tag".utf8, channel: 1)

    static func close(_ code: UInt16, _ text: String) -> [UInt8] {
      method(10, 50, [UInt8(code >> 8), UInt8(code & 0xFF), UInt8(text.utf8.count)] + text.utf8 + [0, 0, 0, 0])
    }

    static func method(_ type: UInt8, _ number: UInt8, _ fields: [UInt8], channel: UInt8 = 0) -> [UInt8] {
      [1, 0, channel, 0, 0, 0, UInt8(fields.count + 4), 0, type, 0, number] + fields + [0xCE]
    }
  }

  let port: UInt16
  let listener: Int32
  private let connection = Mutex<Int32>(-1)

  /// Listens on a free port; whoever connects hears nothing.
  init() {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, address, &size) == 0
      }
    }
    precondition(bound, "no free port for a test")
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    close(listener)
    hangUp()
  }

  /// Answers a log-in, and then nothing any more.
  func acceptLogIn() {
    startThread(name: "fake-broker") { [self] in
      let descriptor = accept(listener, nil, nil)
      connection.withLock { $0 = descriptor }
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      for answer in [Script.start, Script.tune, Script.openOk] {
        _ = read(descriptor, &bytes, bytes.count)
        say(answer)
      }
    }
  }

  /// Says something to the first who connects, instead of answering a log-in.
  func acceptOne(saying bytes: [UInt8]) {
    startThread(name: "fake-broker") { [self] in
      let descriptor = accept(listener, nil, nil)
      connection.withLock { $0 = descriptor }
      say(bytes)
    }
  }

  /// Waits until the client has sent something that nobody has read.
  func waitForInput() async throws {
    try await eventually("the client sends something") {
      connection.withLock { descriptor in
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 1
      }
    }
  }

  func say(_ bytes: [UInt8]) { connection.withLock { _ = write($0, bytes, bytes.count) } }

  func hangUp() {
    connection.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }

  /// Runs `body` with a connection to a broker that answers the log-in.
  static func withConnection<Result>(_ body: (AMQPConnection, FakeBroker) async throws -> Result) async throws -> Result
  {
    let broker = FakeBroker()
    broker.acceptLogIn()
    return try await withLoop { loop in
      var options = AMQPConnection.Options()
      options.closeTimeout = .milliseconds(50)
      let connection = try await AMQPConnection.connect(
        to: AMQPURL("amqp://127.0.0.1:\(broker.port)/"), on: loop, options: options)
      let result = try await body(connection, broker)
      await connection.close()
      return result
    }
  }
}

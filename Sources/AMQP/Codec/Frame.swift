/// A frame that came.
struct Frame {
  enum Payload {
    case method(ServerMethod)
    case header(EncodedProperties, bodySize: UInt64)
    case body([UInt8])
    case heartbeat
  }

  let channel: UInt16
  let payload: Payload
}

/// The envelope of a frame: type (one byte), channel (two), size of the payload (four), payload, end mark (one).
enum FrameLayout {
  static let methodType: UInt8 = 1
  static let headerType: UInt8 = 2
  static let bodyType: UInt8 = 3
  static let heartbeatType: UInt8 = 8
  static let endMark: UInt8 = 0xCE
  static let head = 7
  /// Bytes around a payload.
  static let overhead = head + 1
}

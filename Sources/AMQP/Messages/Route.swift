/// Where a message was published to. Deliveries that follow each other share one while it stays the same.
final class Route: Sendable {
  let exchange: String
  let routingKey: String
  /// Both as they came, two texts behind their lengths; empty if they came in another form.
  private let encoded: [UInt8]

  init(exchange: String, routingKey: String) {
    self.exchange = exchange
    self.routingKey = routingKey
    encoded = []
  }

  /// Decodes an exchange and a routing key, each behind a byte with its length; nil unless they fill the bytes.
  init?(encoded bytes: UnsafeRawBufferPointer) {
    guard let split = bytes.first.map({ Int($0) + 1 }), split < bytes.count,
      split + 1 + Int(bytes[split]) == bytes.count
    else { return nil }
    exchange = String(decoding: bytes[1..<split], as: UTF8.self)
    routingKey = String(decoding: bytes[(split + 1)...], as: UTF8.self)
    encoded = Array(bytes)
  }

  /// Whether it came as these very bytes.
  func isEncoded(as bytes: UnsafeRawBufferPointer) -> Bool {
    encoded.count == bytes.count && encoded.elementsEqual(bytes)
  }
}

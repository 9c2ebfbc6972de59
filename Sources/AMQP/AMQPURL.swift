/// Where a broker is and who asks: `amqp[s]://user:password@host:port/vhost?heartbeat=30&cacertfile=/path`.
///
/// The rules are RabbitMQ's (https://www.rabbitmq.com/uri-spec.html) with one exception: a path of `/` alone means the
/// virtual host `/`, as most people expect, and not the one with the empty name.
package struct AMQPURL: Sendable, Equatable {
  /// Whether the connection is encrypted (`amqps`).
  package var isSecure: Bool
  package var user: String
  /// Never part of a description.
  package var password: String
  package var host: String
  package var port: UInt16
  /// The name of the virtual host, percent-decoded.
  package var vhost: String
  /// The longest silence that the client asks for; zero turns heartbeats off.
  package var heartbeat: Duration
  /// The path of a PEM file with the authorities to trust instead of the system's; for `amqps` only.
  package var caCertificate: String?

  /// - Throws: ``AMQPError/invalidURL(_:)`` that says what is wrong, without the password.
  package init(_ text: String) throws(AMQPError) {
    var rest = Substring(text)
    if rest.hasPrefix("amqp://") {
      isSecure = false
    } else if rest.hasPrefix("amqps://") {
      isSecure = true
    } else {
      throw .invalidURL("it must begin with amqp:// or amqps://")
    }
    rest = rest.drop { $0 != "/" }.dropFirst(2)
    guard !rest.contains("#") else { throw .invalidURL("it has a fragment (#); write # as %23") }

    let query: Substring?
    (rest, query) = rest.cut(at: "?")
    let (authority, path) = rest.cut(at: "/")
    let (credentials, address) = authority.cutBack(at: "@")

    (user, password) = ("guest", "guest")
    if let credentials {
      let (name, secret) = credentials.cut(at: ":")
      user = try Self.decode(name, "the user name")
      password = try Self.decode(secret ?? "", "the password")
    }
    (host, port) = try Self.parse(address: address, defaultPort: isSecure ? 5671 : 5672)
    vhost = try Self.decode(path ?? "", "the virtual host")
    if vhost.isEmpty { vhost = "/" }
    heartbeat = .seconds(30)
    for parameter in (query ?? "").split(separator: "&") { try apply(parameter: parameter) }
    guard caCertificate == nil || isSecure else { throw .invalidURL("cacertfile needs amqps://") }
  }

  private mutating func apply(parameter: Substring) throws(AMQPError) {
    let (name, text) = parameter.cut(at: "=")
    let value = try Self.decode(text ?? "", "the parameter \(name)")
    switch name {
    case "heartbeat":
      guard let seconds = UInt16(value) else {
        throw .invalidURL("heartbeat must be a whole number of seconds from 0 to 65535, not '\(value)'")
      }
      heartbeat = .seconds(Int(seconds))
    case "cacertfile":
      guard !value.isEmpty else { throw .invalidURL("cacertfile must be a path") }
      caCertificate = value
    default:
      throw .invalidURL("the parameter '\(name)' is not known; use heartbeat or cacertfile")
    }
  }

  private static func parse(address: Substring, defaultPort: UInt16) throws(AMQPError) -> (String, UInt16) {
    let host: Substring
    let rest: Substring
    if address.hasPrefix("[") {
      let (inside, after) = address.dropFirst().cut(at: "]")
      guard let after else { throw .invalidURL("the IPv6 address lacks its closing bracket") }
      (host, rest) = (inside, after)
    } else {
      host = address.prefix { $0 != ":" }
      rest = address.dropFirst(host.count)
    }
    guard !host.isEmpty else { throw .invalidURL("it names no host") }
    if rest.isEmpty { return (String(host), defaultPort) }
    guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
      throw .invalidURL("the port must be a number from 1 to 65535")
    }
    return (try decode(host, "the host"), port)
  }

  private static func decode(_ text: Substring, _ part: String) throws(AMQPError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let decoded = UInt8(Substring(rest.prefix(2)), radix: 16) else {
          throw .invalidURL("\(part) has a % that is not followed by two hexadecimal digits")
        }
        bytes.append(decoded)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw .invalidURL("\(part) is not UTF-8 when its % are decoded")
    }
    return decoded
  }
}

extension AMQPURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The URL without its password.
  package var description: String {
    let address = host.contains(":") ? "[\(host)]" : host
    return "\(isSecure ? "amqps" : "amqp")://\(user)@\(address):\(port)/\(vhost == "/" ? "" : vhost)"
  }

  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}

extension Substring {
  /// What stands before and after the first `separator`; nothing after it if there is none.
  fileprivate func cut(at separator: Character) -> (Substring, Substring?) {
    guard let index = firstIndex(of: separator) else { return (self, nil) }
    return (self[..<index], self[self.index(after: index)...])
  }

  /// What stands before and after the last `separator`; nothing before it if there is none.
  fileprivate func cutBack(at separator: Character) -> (Substring?, Substring) {
    guard let index = lastIndex(of: separator) else { return (nil, self) }
    return (self[..<index], self[self.index(after: index)...])
  }
}

/// Takes the data of a `COPY … FROM STDIN`, within the body of `copyRows` or `copyBytes`.
///
/// What it holds is bounded: writing waits until the server has taken what came before.
package struct PostgresCopyWriter: ~Copyable {
  private let connection: PostgresConnection
  private let timeout: Duration
  private var buffer = PostgresBuffer()

  /// What is gathered before it is sent, in bytes.
  private static let chunk = 64 * 1024

  init(connection: PostgresConnection, timeout: Duration) {
    self.connection = connection
    self.timeout = timeout
  }

  /// Adds bytes in the format that the statement names.
  package mutating func write(_ bytes: some Collection<UInt8>) async throws(PostgresError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.chunk)
      buffer.append(part)
      rest = rest[part.endIndex...]
      try await sendIfFull()
    }
  }

  /// Adds a row in the binary format. The types must be those of the columns: it converts nothing.
  package mutating func write<each Value: PostgresValue>(row: repeat each Value) async throws(PostgresError) {
    var count: Int16 = 0
    for format in repeat (each Value).postgresFormat {
      guard format == .binary else { throw .invalidStatement("arrays of pgvector's types have no binary form here") }
      count += 1
    }
    buffer.append(count)
    for value in repeat each row { append(value) }
    try await sendIfFull()
  }

  private mutating func append(_ value: some PostgresValue) {
    if value.isNull {
      buffer.append(Int32(-1))
    } else {
      buffer.appendWithLength { value.encode(into: &$0) }
    }
  }

  private mutating func sendIfFull() async throws(PostgresError) {
    if buffer.count >= Self.chunk { try await send() }
  }

  /// Sends what was gathered.
  mutating func send() async throws(PostgresError) {
    guard buffer.count > 0 else { return }
    try await connection.sendCopyData(buffer.bytes, timeout: timeout)
    buffer.removeAll()
  }

  // MARK: The frame of the binary format (PostgreSQL documentation, COPY, "Binary Format")

  mutating func beginBinary() {
    buffer.append("PGCOPY\n".utf8)
    buffer.append([0xFF, 0x0D, 0x0A, 0x00])
    buffer.append(Int32(0))
    buffer.append(Int32(0))
  }

  mutating func endBinary() { buffer.append(Int16(-1)) }
}

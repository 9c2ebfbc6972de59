internal import CRabbitMQ

/// Memory for the C values of one frame, given back all at once by ``recycle()``.
struct Arena: ~Copyable {
  var pool = amqp_pool_t()

  init() { init_amqp_pool(&pool, 4096) }

  deinit {
    // The pool is a handful of pointers, so a copy of it frees the same memory.
    var pool = pool
    empty_amqp_pool(&pool)
  }

  mutating func recycle() { recycle_amqp_pool(&pool) }

  /// Room for `count` C values, which nothing will ever deinitialise, that is valid until the next ``recycle()``.
  mutating func allocate<Value>(_ count: Int, of type: Value.Type) -> UnsafeMutableBufferPointer<Value> {
    guard count > 0 else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
    guard let memory = amqp_pool_alloc(&pool, count * MemoryLayout<Value>.stride) else {
      preconditionFailure("out of memory for \(count) values of an AMQP frame")
    }
    return UnsafeMutableBufferPointer(start: memory.bindMemory(to: type, capacity: count), count: count)
  }

  mutating func bytes(_ text: String) -> amqp_bytes_t { copy(text.utf8) }

  mutating func copy(_ bytes: some Collection<UInt8>) -> amqp_bytes_t {
    if bytes.isEmpty { return .empty }
    let memory = allocate(bytes.count, of: UInt8.self)
    _ = memory.initialize(from: bytes)
    return amqp_bytes_t(len: memory.count, bytes: memory.baseAddress)
  }
}

extension amqp_bytes_t {
  static var empty: amqp_bytes_t { amqp_bytes_t(len: 0, bytes: nil) }

  /// A copy; what is not UTF-8 is repaired.
  var text: String { String(decoding: UnsafeRawBufferPointer(start: bytes, count: len), as: UTF8.self) }

  var copied: [UInt8] { [UInt8](UnsafeRawBufferPointer(start: bytes, count: len)) }
}

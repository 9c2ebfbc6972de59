internal import CCrypto

/// Hashes bytes as they come, in constant memory.
///
///     var hash = SHA256()
///     while let chunk = try next() { hash.update(chunk) }
///     let digest = hash.finalize()
// Proof: the struct is not copyable, so one thread at a time has the context, and libcrypto's digest contexts are not
// tied to a thread.
package struct SHA256: ~Copyable, @unchecked Sendable {
  /// Owned; freed in `deinit`.
  private let context: OpaquePointer

  /// The algorithm, looked up once: the lookup costs as much as hashing a short message.
  // Proof: libcrypto's algorithm objects are immutable; this one lives as long as the process.
  nonisolated(unsafe) static let algorithm: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
      preconditionFailure("libcrypto offers no SHA256; check its configuration (OPENSSL_CONF)")
    }
    return algorithm
  }()

  /// Starts a hash of nothing.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
      preconditionFailure("libcrypto cannot start a SHA256: no memory left")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes. How they are cut into calls does not matter.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    // It fails on a finished context alone, and finishing consumes `self`.
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto refused to go on with a SHA256")
  }

  /// Adds bytes. How they are cut into calls does not matter.
  package mutating func update(_ bytes: some Collection<UInt8>) {
    withContiguousBytes(of: bytes) { update($0) }
  }

  /// The digest of all bytes added.
  package consuming func finalize() -> SHA256Digest {
    SHA256Digest { output in
      let status = EVP_DigestFinal_ex(context, output, nil)
      precondition(status == 1, "libcrypto refused to finish a SHA256")
    }
  }
}

extension SHA256Digest {
  /// The digest of `bytes`.
  package init(hashing bytes: some Collection<UInt8>) {
    self = withContiguousBytes(of: bytes) { buffer in
      SHA256Digest { output in
        let status = EVP_Digest(buffer.baseAddress, buffer.count, output, nil, SHA256.algorithm, nil)
        precondition(status == 1, "libcrypto cannot make a SHA256: no memory left")
      }
    }
  }

  /// The digest of `text` in UTF-8.
  package init(hashing text: String) { self.init(hashing: text.utf8) }
}

/// Calls `body` with the bytes in one piece, copying them only if they are not.
func withContiguousBytes<Result>(
  of bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
  if let result = bytes.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return result }
  return Array(bytes).withUnsafeBytes(body)
}

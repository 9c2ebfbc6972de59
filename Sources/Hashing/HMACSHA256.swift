internal import CCrypto

/// Message authentication with a shared secret: HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
  /// The authentication code of `message` under `key`.
  package static func code(for message: some Collection<UInt8>, key: some Collection<UInt8>) -> SHA256Digest {
    withContiguousBytes(of: key) { key in
      withContiguousBytes(of: message) { message in
        SHA256Digest { output in
          let code = HMAC(
            SHA256.algorithm, key.baseAddress, Int32(key.count),
            message.assumingMemoryBound(to: UInt8.self).baseAddress, message.count, output, nil)
          precondition(code != nil, "libcrypto cannot make an HMAC: no memory left")
        }
      }
    }
  }

  /// Whether `code` authenticates `message` under `key`, in a time that does not depend on where it differs.
  package static func isValid(
    _ code: SHA256Digest, for message: some Collection<UInt8>, key: some Collection<UInt8>
  ) -> Bool {
    self.code(for: message, key: key).isEqualInConstantTime(to: code)
  }
}

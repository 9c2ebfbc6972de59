internal import CCrypto

/// Whether two secrets are equal, in a time that tells their lengths but not where they differ.
package func isEqualInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
  withContiguousBytes(of: left) { left in
    withContiguousBytes(of: right) { right in
      guard left.count == right.count else { return false }
      guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return true }
      return CRYPTO_memcmp(leftBase, rightBase, left.count) == 0
    }
  }
}

package import Hashing
package import Pipeline

extension PassageSet.Passage {
  /// Under which its vector is kept: the digest of its text.
  package var digest: SHA256Digest { SHA256Digest(hashing: text) }
}

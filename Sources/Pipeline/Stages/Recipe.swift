package import Hashing

/// What a result was made from and by what: equal recipes give equal results.
package struct Recipe: Sendable, Hashable {
  /// Over the fingerprints of the artifacts that were read.
  package let inputs: SHA256Digest
  /// Over the stage's name, version and configuration.
  package let definition: SHA256Digest

  package init(inputs: SHA256Digest, definition: SHA256Digest) {
    self.inputs = inputs
    self.definition = definition
  }

  /// Both halves in one: the key of caches and leases.
  package var digest: SHA256Digest { SHA256Digest(hashing: inputs.bytes + definition.bytes) }

  /// The half over the inputs. An absent input counts as such, so that its coming changes the recipe.
  package static func digest(of inputs: [ArtifactKind: Fingerprint?]) -> SHA256Digest {
    var lines: [UInt8] = []
    lines.reserveCapacity(inputs.count * 96)
    for (kind, fingerprint) in inputs.sorted(by: { $0.key < $1.key }) {
      lines += "\(kind.rawValue)=".utf8
      if let fingerprint { fingerprint.appendHexadecimal(to: &lines) } else { lines += "absent".utf8 }
      lines.append(UInt8(ascii: "\n"))
    }
    return SHA256Digest(hashing: lines)
  }
}

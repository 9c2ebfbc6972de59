package import Hashing
package import JSON

/// What a stage made.
package struct StageOutput: Sendable, Equatable {
  /// The artifact's JSON value.
  package var value: JSON
  /// The artifact's content, when it is no JSON; written before by ``StageContext/store(file:)``.
  package var blob: BlobReference?
  /// Why the artifact is empty ("no speech"); nil when it is not.
  package var emptyBecause: String?

  package init(value: JSON, blob: BlobReference? = nil, emptyBecause: String? = nil) {
    self.value = value
    self.blob = blob
    self.emptyBecause = emptyBecause
  }

  /// The recorded result "there is nothing, because …".
  package static func empty(because reason: String) -> StageOutput {
    StageOutput(value: ["empty": .string(reason)], emptyBecause: reason)
  }

  /// Over the value and the content.
  package var fingerprint: Fingerprint {
    SHA256Digest(hashing: value.canonicalBytes + (blob?.digest.bytes ?? []))
  }
}

/// Content in the blob store.
package struct BlobReference: Sendable, Hashable {
  package let digest: SHA256Digest
  /// In bytes.
  package let size: Int64

  package init(digest: SHA256Digest, size: Int64) {
    self.digest = digest
    self.size = size
  }
}

/// How a run ended well.
package enum StageOutcome: Sendable, Equatable {
  case finished(StageOutput)
  /// Windows were recorded and more are left: the same stage is announced again, no attempt is counted.
  case continued
}

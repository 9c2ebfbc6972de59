package import Hashing

/// What an artifact's content is: its SHA-256. Equal content, equal fingerprint.
package typealias Fingerprint = SHA256Digest

/// Which vectors stand for an asset's passages: the value of `vectors.<model>`. The vectors themselves are kept once
/// for each text.
package struct VectorSet: ArtifactValue {
  package var model: String
  /// The SHA-256 of each passage's text in hexadecimal, in the order of the passages.
  package var digests: [String]

  package init(model: String, digests: [String]) {
    self.model = model
    self.digests = digests
  }
}

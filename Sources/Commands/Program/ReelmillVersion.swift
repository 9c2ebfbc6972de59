/// Which Reelmill this is.
package enum ReelmillVersion {
  /// By semantic versioning; what changed is in CHANGELOG.md.
  package static let current = "0.1.0"
  /// As dead letters and workers name it.
  package static let build = "reelmill \(current)"
}

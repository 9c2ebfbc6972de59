/// How long what nobody needs any more is kept.
package struct Retention: Sendable {
  /// Deleted assets and discarded dead letters, which can be restored meanwhile.
  package var deletedAssets: Duration
  /// Content that nothing refers to: its record may not be committed yet.
  package var unreferencedContent: Duration
  /// The files of runs whose worker died.
  package var scratch: Duration
  /// Between two rounds of the collector.
  package var interval: Duration

  package init(
    deletedAssets: Duration = .seconds(7 * 24 * 3600), unreferencedContent: Duration = .seconds(24 * 3600),
    scratch: Duration = .seconds(3600), interval: Duration = .seconds(600)
  ) {
    self.deletedAssets = deletedAssets
    self.unreferencedContent = unreferencedContent
    self.scratch = scratch
    self.interval = interval
  }
}

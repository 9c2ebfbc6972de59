/// How long what nobody needs any more is kept.
package struct Retention: Sendable {
  /// Deleted assets and discarded dead letters, which can be restored meanwhile.
  package var deletedAssets: Duration
  /// Content that nothing refers to: its record may not be committed yet.
  package var unreferencedContent: Duration
  /// The files of runs whose worker died.
  package var scratch: Duration
  /// What happened to assets; dropped by whole months.
  package var history: Duration
  /// What calls to providers cost; dropped by whole months.
  package var charges: Duration
  /// Replays that have ended, with their items.
  package var replays: Duration
  /// Between two rounds of the collector.
  package var interval: Duration

  package init(
    deletedAssets: Duration = .days(7), unreferencedContent: Duration = .days(1), scratch: Duration = .seconds(3600),
    history: Duration = .days(365), charges: Duration = .days(730), replays: Duration = .days(90),
    interval: Duration = .seconds(600)
  ) {
    self.deletedAssets = deletedAssets
    self.unreferencedContent = unreferencedContent
    self.scratch = scratch
    self.history = history
    self.charges = charges
    self.replays = replays
    self.interval = interval
  }
}

extension Duration {
  /// So many times 24 hours.
  package static func days(_ count: Int) -> Duration { .seconds(count * 24 * 3600) }
}

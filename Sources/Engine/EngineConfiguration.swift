package import AMQP
package import Pipeline

/// What a worker process needs to know to work.
package struct EngineConfiguration: Sendable {
  package var brokerURL: AMQPURL
  /// The stages whose queues it consumes; `dispatch` is one of them. All when nil.
  package var stages: Set<StageName>?
  /// Runs of processor-heavy stages at a time in this process.
  package var heavyRuns: Int
  /// Where runs put their temporary files.
  package var scratchFolder: String
  /// How long running work may go on after a stop was asked for.
  package var grace: Duration
  /// How long after its last sign of life a worker counts as dead.
  package var lease: Duration
  /// How long a message may come before the asset that it names.
  package var patience: Duration
  /// What is agreed with providers, by their names; nothing where a name is missing.
  package var providers: [String: ProviderTerms]
  /// What is kept for how long.
  package var retention: Retention
  /// Between two looks at whether the dead-letter queues hold what they should.
  package var sweepInterval: Duration
  /// Which build this is, as dead letters and workers remember it.
  package var build: String
  package var host: String
  package var processID: Int32

  package init(
    brokerURL: AMQPURL, stages: Set<StageName>? = nil, heavyRuns: Int, scratchFolder: String,
    grace: Duration = .seconds(30), lease: Duration = .seconds(20), patience: Duration = .seconds(60),
    providers: [String: ProviderTerms] = [:], retention: Retention = Retention(),
    sweepInterval: Duration = .seconds(60), build: String, host: String,
    processID: Int32
  ) {
    self.brokerURL = brokerURL
    self.stages = stages
    self.heavyRuns = heavyRuns
    self.scratchFolder = scratchFolder
    self.grace = grace
    self.lease = lease
    self.patience = patience
    self.providers = providers
    self.retention = retention
    self.sweepInterval = sweepInterval
    self.build = build
    self.host = host
    self.processID = processID
  }
}

extension EmbeddedServices {
  package struct Configuration: Sendable {
    /// The data folder, an absolute path; made if it is missing.
    package var folder: String
    /// What `scripts/fetch-database` fetched: the folder that holds PostgreSQL's `bin`, `lib` and `share`.
    package var postgresqlFolder: String
    /// RabbitMQ's server script that does not change user.
    package var brokerProgram = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    /// Whether the broker serves its management API. It costs memory and half a second.
    package var hasManagement = false
    /// How long a service may take until it answers.
    package var startLimit = Duration.seconds(60)

    package init(folder: String, postgresqlFolder: String) {
      self.folder = folder
      self.postgresqlFolder = postgresqlFolder
    }
  }
}

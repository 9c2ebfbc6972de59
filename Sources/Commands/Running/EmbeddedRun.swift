internal import Configuration
internal import EmbeddedServices

/// The embedded services for as long as a command needs them.
enum EmbeddedRun {
  /// Runs the body with the embedded services started, unless others are configured.
  ///
  /// - Parameter sharing: with the services that another process runs in the folder, if one does, instead of refusing.
  /// - Throws: ``CommandFailure`` if they do not start; what the body throws.
  static func with(
    _ context: CommandContext, sharing: Bool = false, _ body: (Endpoints?) async throws -> Void
  ) async throws {
    let settings = context.settings
    let places = Places(settings)
    guard settings[ReelmillSettings.amqpURL] == nil || settings[ReelmillSettings.databaseURL] == nil,
      !sharing || EmbeddedServices.runningEndpoints(in: places.folder) == nil
    else { return try await body(nil) }
    let services = EmbeddedServices(.init(folder: places.folder, postgresqlFolder: places.postgresql))
    context.say("starting the embedded broker and database in \(places.folder)")
    let endpoints: Endpoints
    do { endpoints = try await services.start() } catch { throw CommandFailure(.unavailable, "\(error)") }
    let watching = Task {
      for await event in services.events { context.logger.warning("\(event)") }
    }
    let result: Result<Void, any Error>
    do {
      try await body(endpoints)
      result = .success(())
    } catch { result = .failure(error) }
    await services.stop()
    watching.cancel()
    try result.get()
  }
}

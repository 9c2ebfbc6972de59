internal import Configuration
internal import Operations
internal import Pipeline

/// How commands are told which asset is meant.
enum AssetArgument {
  static let help = "An asset: its id, the first 6 or more digits of it, its slug, or its exact title."

  /// - Throws: ``CommandFailure`` that lists what may be meant.
  static func find(_ text: String, in library: OpenLibrary, _ context: CommandContext) async throws -> AssetID {
    do throws(AssetFinder.Failure) {
      return try await AssetFinder(client: library.client).find(
        text, organisation: context.settings[ReelmillSettings.organisation])
    } catch {
      throw CommandFailure(.failed, "\(error)")
    }
  }
}

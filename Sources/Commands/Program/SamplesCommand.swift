internal import Arguments
internal import FoundationEssentials
internal import JSON
internal import Samples

/// `reelmill samples`
struct SamplesCommand: Command {
  static let folder = Positional("folder", .folder, help: "Where they are put.")

  let declaration = CommandDeclaration(
    "samples", summary: "make sample media to try things with",
    discussion: "They are made with ffmpeg on this machine; nothing is downloaded. What is there already stays.",
    arguments: [Self.folder])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let folder = arguments[Self.folder]
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let media = SampleMedia()
    for sample in SampleMedia.Sample.allCases {
      let path = "\(folder)/\(sample.rawValue)"
      if !FileManager.default.fileExists(atPath: path) {
        context.say("making \(sample.rawValue)")
        do throws(SampleMedia.Failure) { _ = try await media.make(sample, in: folder) } catch {
          throw CommandFailure(.unavailable, "\(error)")
        }
      }
      context.wantsJSON ? context.print(["path": .string(path)]) : context.print(path)
    }
  }
}

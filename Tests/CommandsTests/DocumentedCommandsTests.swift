import FoundationEssentials
import Subprocess
import Testing

extension WithSamples {
  /// What documents tell people to type works as it stands, in the order of reading.
  @Suite struct DocumentedCommandsTests {
    /// The lines after a prompt in blocks that are marked as a console.
    private static func commands(in text: String) -> [String] {
      var commands: [String] = []
      var isInside = false
      for line in text.split(separator: "\n") {
        if line.hasPrefix("```") {
          isInside = line == "```console"
        } else if isInside, line.hasPrefix("$ reelmill ") {
          commands.append(String(line.dropFirst(2)))
        }
      }
      return commands
    }

    @Test func `every command in a document does what it should`() async throws {
      let library = try WithSamples.library
      // What quickstart leaves behind.
      let linked = try await library.reelmill.shell("ln -sfn ../samples .reelmill/samples")
      try #require(linked.code == 0)
      var count = 0
      for document in try DocumentsTests.documents() {
        for command in Self.commands(in: try DocumentsTests.text(of: document)) {
          let answer = try await library.reelmill.shell(command)
          #expect(answer.code == 0, "\(document): \(command): \(answer.complaint)\(answer.output)")
          count += 1
        }
      }
      #expect(count > 5)
    }
  }
}

import Arguments
import TestSupport
import Testing
import Text

@Suite struct ParsingPropertyTests {
  static let words = [
    "dlq", "list", "up", "help", "label", "--", "-", "--limit", "--limit=", "--limit=5", "-n", "-n7", "-q", "-qvn",
    "--=",
    "-é", "--\u{0}", "", "=", "---", "-5", "--asset", "--help=x", "\u{1F469}\u{200D}\u{1F680}", "-\u{301}", "--version",
    "--port=99999999999999999999", "--since=9223372036854775807d",
  ]

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `no command line whatever crashes the parser`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let count = Int.random(in: 0..<9, using: &random)
      let prefix = Bool.random(using: &random) ? ["dlq", "list"] : []
      let arguments = prefix + (0..<count).compactMap { _ in Self.words.randomElement(using: &random) }
      do throws(UsageError) {
        _ = try sample.parse(arguments)
      } catch {
        #expect(!error.message.isEmpty && error.commandPath.first == "reelmill")
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `values written as a command line are read back, in any order of the options`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let limit = Int.random(in: 1...100, using: &random)
      let since = Duration.milliseconds(Int64.random(in: 0..<1 << 40, using: &random))
      let lane = Bool.random(using: &random) ? Lane.live : .bulk
      let assets = (0..<Int.random(in: 0..<4, using: &random)).map { _ in hostileText(using: &random) }
      let ids = (0..<Int.random(in: 0..<4, using: &random)).map { _ in hostileText(using: &random) }

      var options = [
        Bool.random(using: &random) ? ["--limit=\(limit)"] : ["-n", "\(limit)"],
        ["--since", since.shortText], ["--lane=\(lane.rawValue)"], ["-v"],
      ]
      options.shuffle(using: &random)
      options += assets.map { ["--asset=\($0)"] }
      guard case .run(_, let parsed) = try sample.parse(["dlq", "list"] + options.joined() + ["--", "label"] + ids)
      else {
        throw NotACommand()
      }
      #expect(parsed[ListCommand.limit] == limit)
      #expect(parsed[ListCommand.since] == since)
      #expect(parsed[ListCommand.lane] == lane)
      #expect(parsed[ListCommand.assets] == assets)
      #expect(parsed[ListCommand.rest] == ids)
      #expect(parsed[verbose])
    }
  }

  private func hostileText(using random: inout SeededGenerator) -> String {
    let letters: [Character] = ["-", "=", " ", "a", "'", "\"", "\\", "\n", "é", "\u{1B}", "日"]
    return String((0...Int.random(in: 0..<6, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
  }
}

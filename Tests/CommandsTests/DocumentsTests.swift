import Arguments
import Commands
import Configuration
import FoundationEssentials
import Testing

/// What the documents say of the command line and the settings is what the program says.
@Suite struct DocumentsTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The README and what lies in docs.
  static func documents() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
    return ["README.md", "CONTRIBUTING.md"] + names.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
  }

  @Test func `configuration.md describes every setting as the program does`() throws {
    let text = try Self.text(of: "docs/configuration.md")
    let tables = ReelmillSettings.all.markdownTables
    #expect(text.hasSuffix("\n" + tables), "the end of docs/configuration.md should read:\n\(tables)")
  }

  @Test func `every command line in a document is one that the program understands`() throws {
    var count = 0
    for document in try Self.documents() {
      for line in CommandLines(in: try Self.text(of: document)) {
        count += 1
        #expect(throws: Never.self, "\(document): \(line.joined(separator: " "))") {
          _ = try ReelmillProgram.program.parse(line)
        }
      }
    }
    #expect(count > 20)
  }
}

/// The command lines of reelmill in a text of Markdown: after a prompt, and in code spans; without `reelmill` itself.
private struct CommandLines: Sequence, IteratorProtocol {
  private var lines: [[String]] = []

  init(in text: String) {
    for line in text.split(separator: "\n") {
      if line.hasPrefix("$ reelmill ") {
        lines.append(Self.words(of: line.dropFirst(2)))
      } else {
        for (index, span) in line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        where index % 2 == 1 && span.hasPrefix("reelmill ") {
          let words = Self.words(of: span)
          // A command's name alone stands for it, not for a call.
          lines.append(words.count == 1 ? words + ["--help"] : words)
        }
      }
    }
    // `<command>` stands for any of them.
    lines.removeAll { $0.first == "<command>" }
  }

  mutating func next() -> [String]? { lines.isEmpty ? nil : lines.removeFirst() }

  /// The words after the first, up to a comment; single quotes hold words together.
  private static func words(of line: Substring) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "'": isQuoted.toggle()
      case " " where !isQuoted: words.append("")
      default: words[words.count - 1].append(character)
      }
    }
    return words.prefix { $0 != "#" }.dropFirst().filter { !$0.isEmpty }
  }
}

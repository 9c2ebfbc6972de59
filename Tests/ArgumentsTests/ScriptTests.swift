import Arguments
import FoundationEssentials
import Glibc
import Testing

/// What other programs read: completions and the manual page. Each is given to the program that it is for.
@Suite struct ScriptTests {
  @Test(.enabled(if: isInstalled("bash")))
  func `bash takes its completions`() throws {
    #expect(try status(of: "bash -n", input: sample.completions(for: .bash)) == 0)
  }

  @Test(.enabled(if: isInstalled("zsh")))
  func `zsh takes its completions`() throws {
    #expect(try status(of: "zsh -n", input: sample.completions(for: .zsh)) == 0)
  }

  @Test(.enabled(if: isInstalled("fish")))
  func `fish takes its completions`() throws {
    #expect(try status(of: "fish --no-execute", input: sample.completions(for: .fish)) == 0)
  }

  @Test(.enabled(if: isInstalled("groff")))
  func `groff takes the manual page without a warning`() throws {
    #expect(try status(of: "test -z \"$(groff -man -Tutf8 -ww -z FILE 2>&1)\"", input: sample.manualPage) == 0)
  }

  @Test(.enabled(if: isInstalled("bash")))
  func `a script that is broken is noticed`() throws {
    #expect(try status(of: "bash -n 2>/dev/null", input: "_reelmill() { if") != 0)
  }

  @Test(
    .enabled(if: isInstalled("bash")),
    arguments: [
      ("reelmill d", 1, "dlq"), ("reelmill dlq l", 2, "list"), ("reelmill dlq list --la", 3, "--lane"),
      ("reelmill dlq list --lane b", 4, "bulk"), ("reelmill dlq list --lane = b", 5, "bulk"),
      ("reelmill -v dlq list tr", 4, "transcribe"), ("reelmill dlq list --limit 1", 4, ""),
    ])
  func `bash offers what may stand there`(line: String, word: Int, offers: String) throws {
    let script =
      sample.completions(for: .bash)
      + "COMP_WORDS=(\(line)); COMP_CWORD=\(word); _reelmill; [[ \"${COMPREPLY[*]}\" == \"\(offers)\" ]]\n"
    #expect(try status(of: "bash", input: script) == 0)
  }

  @Test(
    .enabled(if: isInstalled("zsh")),
    arguments: [
      ("reelmill d", 2, "", "dlq:look at dead letters"),
      ("reelmill dlq l", 3, "", "list:list dead letters, newest first"),
      ("reelmill dlq list --lane b", 5, "", "bulk"), ("reelmill dlq list --lane=b", 4, "--lane=b", "bulk"),
      ("reelmill -v dlq list tr", 5, "", "transcribe"),
      ("reelmill dlq list --l", 4, "--l", "--limit:How many to show."),
    ])
  func `zsh offers what may stand there`(line: String, word: Int, prefix: String, offers: String) throws {
    // zsh's completion functions work only while someone types: theirs are replaced by ones that print.
    let script = """
      compdef() { : }; compset() { : }; _files() { : }
      compadd() { shift; print -rl -- "$@" }
      _describe() { print -rl -- ${(P)2} }
      \(sample.completions(for: .zsh))
      words=(\(line)); CURRENT=\(word); PREFIX='\(prefix)'
      [[ $'\\n'"$(_reelmill)"$'\\n' == *$'\\n'\(singleQuoted(offers))$'\\n'* ]]

      """
    #expect(try status(of: "zsh -f", input: script) == 0)
  }

  @Test(
    .enabled(if: isInstalled("fish")),
    arguments: [
      ("reelmill d", "dlq"), ("reelmill dlq list --lane b", "bulk"), ("reelmill -v dlq list tr", "transcribe"),
    ])
  func `fish offers what may stand there`(line: String, offers: String) throws {
    let script = sample.completions(for: .fish) + "complete -C '\(line)' | string match -q -r '^\(offers)(\\t|$)'\n"
    #expect(try status(of: "fish --no-config", input: script) == 0)
  }
}

private func singleQuoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

private func isInstalled(_ tool: String) -> Bool {
  ["/bin/", "/usr/bin/", "/usr/local/bin/"].contains { access($0 + tool, X_OK) == 0 }
}

/// The exit status of a shell command that gets `input` as the file FILE, or as its last argument.
private func status(of command: String, input: String) throws -> Int32 {
  let file = FileManager.default.temporaryDirectory.appending(path: "reelmill-\(UUID().uuidString)")
  try Data(input.utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let line = command.contains("FILE") ? command.replacing("FILE", with: file.path) : "\(command) \(file.path)"
  return system(line)
}

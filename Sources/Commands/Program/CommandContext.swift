internal import Arguments
package import Configuration
internal import Glibc
package import JSON
package import Observability
package import TerminalOutput

/// What the program gives to all its commands.
package struct CommandContext: Sendable {
  package let settings: ResolvedSettings
  /// Where data goes.
  package let output: Terminal
  /// Where everything else goes.
  package let messages: Terminal
  package let wantsJSON: Bool
  package let isQuiet: Bool
  package let logger: Logger
  private let write: @Sendable (String, Int32) -> Void

  init(
    settings: ResolvedSettings, output: Terminal, messages: Terminal, wantsJSON: Bool, isQuiet: Bool, logger: Logger,
    write: @escaping @Sendable (String, Int32) -> Void
  ) {
    self.settings = settings
    self.output = output
    self.messages = messages
    self.wantsJSON = wantsJSON
    self.isQuiet = isQuiet
    self.logger = logger
    self.write = write
  }

  /// Prints data, as it is.
  package func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", STDOUT_FILENO) }

  /// Prints data as one line of JSON.
  package func print(_ json: JSON) { print(json.canonicalText) }

  /// Tells the person something that is no data.
  package func say(_ text: String) {
    if !isQuiet { write(text + "\n", STDERR_FILENO) }
  }

  /// Tells of a failure.
  package func complain(_ text: String) { write(text + "\n", STDERR_FILENO) }

  /// Shows data that changes; see ``LiveBlock``.
  func liveBlock() -> LiveBlock {
    LiveBlock(terminal: output) { [write] text in write(text, STDOUT_FILENO) }
  }

  /// Shows the state of long work; see ``ProgressLine``.
  func progressLine() -> ProgressLine {
    ProgressLine(terminal: messages) { [write, isQuiet] text in
      if !isQuiet { write(text, STDERR_FILENO) }
    }
  }
}

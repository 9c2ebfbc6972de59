/// The project file: a strict subset of TOML 1.0, so that editors know it and nothing in it is a surprise.
///
///     # comments
///     [amqp]
///     url = "amqp://broker/"        # strings: "with \n escapes" or 'exactly as written'
///     prefetch = 256                # whole and decimal numbers
///     [worker.live]
///     patient = true                # booleans
///     deadline = "5m"               # durations, sizes and lists are strings
///
/// A key's full name is its section's and its own, joined by dots: `worker.live.patient`. A key or a section that
/// comes twice is an error, and so is every part of TOML that is not shown here.
package struct ProjectFile: Sendable, Equatable {
  /// A value and where it stands.
  package struct Entry: Sendable, Equatable {
    /// The value as text: a string's content, a number or a boolean as it was written.
    package let text: String
    /// From 1.
    package let line: Int
    /// Where the key begins, from 1.
    package let column: Int
  }

  /// The path, as messages name the file.
  package let path: String
  /// The values by full name.
  package let entries: [String: Entry]

  /// Reads the text of a project file.
  ///
  /// - Throws: ``ConfigurationError`` with every line that cannot be understood.
  package init(path: String, text: String) throws(ConfigurationError) {
    self.path = path
    var parser = ProjectFileParser(path: path)
    entries = try parser.parse(text)
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``ConfigurationError`` if it cannot be read or understood.
  package init(contentsOf path: String) throws(ConfigurationError) {
    try self.init(path: path, text: try readSmallFile(at: path))
  }
}

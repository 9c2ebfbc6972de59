package import Text

/// An argument with a name and a value: `--limit 10`, `--limit=10`, `-n 10` or `-n10`.
///
///     static let limit = Option("limit", short: "n", .integer(1...100), default: 10, help: "How many to show.")
///     static let since = Option(optional: "since", .duration, help: "Only those of the last while.")
///     static let assets = Option(repeated: "asset", .text, help: "An asset; give it more than once for more.")
package struct Option<Value: Sendable>: ArgumentKey {
  package let declaration: ArgumentDeclaration

  /// An option that has `value` unless it is given.
  package init(
    _ name: String, short: Character? = nil, _ format: ValueFormat<Value>, default value: Value,
    group: String? = nil, help: String
  ) {
    self.init(name, short, .withDefault(value, format), group, help)
  }

  /// An option that must be given.
  package init(
    required name: String, short: Character? = nil, _ format: ValueFormat<Value>, group: String? = nil, help: String
  ) {
    self.init(name, short, .required(format), group, help)
  }

  /// An option whose value is nil unless it is given.
  package init<Wrapped>(
    optional name: String, short: Character? = nil, _ format: ValueFormat<Wrapped>, group: String? = nil, help: String
  ) where Value == Wrapped? {
    self.init(name, short, .optional(format), group, help)
  }

  /// An option that may be given any number of times; the values keep their order.
  package init<Element>(
    repeated name: String, short: Character? = nil, _ format: ValueFormat<Element>, group: String? = nil, help: String
  ) where Value == [Element] {
    self.init(name, short, .repeated(format, atLeast: 0), group, help)
  }

  private init(_ name: String, _ short: Character?, _ reader: ValueReader<Value>, _ group: String?, _ help: String) {
    declaration = reader.declaration(.option, name: name, short: short, group: group, help: help)
  }
}

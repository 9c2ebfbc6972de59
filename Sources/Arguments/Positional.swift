package import Text

/// An argument without a name, known by its place: `reelmill status <asset>`.
package struct Positional<Value: Sendable>: ArgumentKey {
  package let declaration: ArgumentDeclaration

  /// A positional argument that must be given.
  package init(_ name: String, _ format: ValueFormat<Value>, help: String) {
    self.init(name, .required(format), help)
  }

  /// A positional argument that has `value` unless it is given.
  package init(_ name: String, _ format: ValueFormat<Value>, default value: Value, help: String) {
    self.init(name, .withDefault(value, format), help)
  }

  /// A positional argument whose value is nil unless it is given.
  package init<Wrapped>(optional name: String, _ format: ValueFormat<Wrapped>, help: String)
  where Value == Wrapped? {
    self.init(name, .optional(format), help)
  }

  /// All positional arguments from here on; it must be the last one declared.
  package init<Element>(
    repeated name: String, _ format: ValueFormat<Element>, atLeast minimum: Int = 0, help: String
  ) where Value == [Element] {
    self.init(name, .repeated(format, atLeast: minimum), help)
  }

  private init(_ name: String, _ reader: ValueReader<Value>, _ help: String) {
    declaration = reader.declaration(.positional, name: name, short: nil, group: nil, help: help)
  }
}

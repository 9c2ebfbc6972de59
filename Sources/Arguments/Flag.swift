internal import Text

/// An argument that is there or not: `--dry-run`. Giving it twice means the same as giving it once.
package struct Flag: ArgumentKey {
  package typealias Value = Bool
  package let declaration: ArgumentDeclaration

  /// A flag; `name` is without dashes.
  package init(_ name: String, short: Character? = nil, group: String? = nil, help: String) {
    declaration = ArgumentDeclaration(
      name: name, short: short, kind: .flag, occurrence: .optional, help: help, group: group, placeholder: "",
      notes: [], completion: .none
    ) { texts throws(InvalidValue) in
      ArgumentValue(value: !texts.isEmpty)
    }
  }
}

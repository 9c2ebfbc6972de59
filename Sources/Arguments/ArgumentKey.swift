package import Text

/// A declared argument, which is also the key to its value: `parsed[limit]`.
///
/// ``Option``, ``Flag`` and ``Positional`` are the kinds there are.
package protocol ArgumentKey<Value>: Sendable {
  associatedtype Value: Sendable
  /// The argument without its type.
  var declaration: ArgumentDeclaration { get }
}

/// What parsing, help, completions and the manual page need to know of an argument.
package struct ArgumentDeclaration: Sendable {
  /// Whether it has a name and whether it has a value.
  package enum Kind: Sendable { case flag, option, positional }

  /// How often it may be given.
  package enum Occurrence: Sendable, Equatable {
    case optional
    case required
    case repeated(atLeast: Int)
  }

  /// Without dashes.
  package let name: String
  /// The letter of the short form.
  package let short: Character?
  /// Flag, option or positional.
  package let kind: Kind
  /// How often it may be given.
  package let occurrence: Occurrence
  /// One or two sentences.
  package let help: String
  /// The heading under which help lists it, if not the usual one.
  package let group: String?
  /// What stands for the value in help.
  package let placeholder: String
  /// The limits of the value and its default, for help.
  package let notes: [String]
  /// What a shell can offer for the value.
  package let completion: ValueCompletion
  /// Makes the value, an `ArgumentValue` of the key's `Value`, from the texts given.
  let decode: @Sendable ([String]) throws(InvalidValue) -> any Sendable

  var isRepeated: Bool { if case .repeated = occurrence { true } else { false } }

  /// The argument as messages name it: `--limit` or `<asset>`.
  var shownName: String { kind == .positional ? "<\(name)>" : "--\(name)" }
}

/// A value beside the others in ``ParsedArguments``.
struct ArgumentValue<Value: Sendable>: Sendable {
  let value: Value
}

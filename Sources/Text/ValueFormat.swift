/// How values of a type are written as text: in arguments, environment variables and the project file.
///
/// A format parses and renders; for every value it can render, parsing the rendered text gives the value back.
package struct ValueFormat<Value: Sendable>: Sendable {
  /// What stands for a value in help, without brackets: `duration`.
  package let placeholder: String
  /// What a valid text is, as the end of "expected …": `a whole number from 1 to 100`.
  package let expectation: String
  /// The limits in a few words, for help: `1 to 100`.
  package let limits: String?
  /// What a shell can offer.
  package let completion: ValueCompletion

  let parse: @Sendable (String) -> Value?
  let render: @Sendable (Value) -> String

  /// - Parameters:
  ///   - parse: the value of a text, or nil if the text is not valid.
  ///   - render: the text of a value.
  package init(
    placeholder: String, expectation: String, limits: String? = nil, completion: ValueCompletion = .none,
    parse: @escaping @Sendable (String) -> Value?, render: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.limits = limits
    self.completion = completion
    self.parse = parse
    self.render = render
  }

  /// The value that `text` stands for.
  ///
  /// - Throws: ``InvalidValue`` with the nearest choice, if there are choices and one is near.
  package func value(from text: String) throws(InvalidValue) -> Value {
    if let value = parse(text) { return value }
    var suggestion: String?
    if case .choices(let choices) = completion { suggestion = nearestName(to: text, in: choices) }
    throw InvalidValue(text: text, expectation: expectation, suggestion: suggestion)
  }

  /// The text that stands for `value`.
  package func text(of value: Value) -> String { render(value) }
}

/// What a shell can offer in a value's place.
package enum ValueCompletion: Sendable, Equatable {
  case none
  case choices([String])
  case files
  case folders
}

/// A text that is not a value of the expected format.
package struct InvalidValue: Error, Equatable, CustomStringConvertible {
  /// What came. Leave it out of messages if it may be a secret.
  package let text: String
  /// The end of "expected …".
  package let expectation: String
  /// The valid text that is nearest, if one is near.
  package let suggestion: String?

  package var description: String {
    let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    return "expected \(expectation), got '\(text.printable(limit: 80))'\(hint)"
  }
}

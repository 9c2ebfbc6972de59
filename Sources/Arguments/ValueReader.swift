internal import Text

/// How the texts given for an argument become its value.
struct ValueReader<Value: Sendable>: Sendable {
  let occurrence: ArgumentDeclaration.Occurrence
  let placeholder: String
  private let limits: String?
  private let defaultText: String?
  let completion: ValueCompletion
  let read: @Sendable ([String]) throws(InvalidValue) -> Value

  private init<Item>(
    _ format: ValueFormat<Item>, _ occurrence: ArgumentDeclaration.Occurrence, defaultText: String? = nil,
    read: @escaping @Sendable ([String]) throws(InvalidValue) -> Value
  ) {
    self.occurrence = occurrence
    placeholder = format.placeholder
    completion = format.completion
    limits = format.limits
    self.defaultText = defaultText
    self.read = read
  }

  static func withDefault(_ value: Value, _ format: ValueFormat<Value>) -> Self {
    Self(format, .optional, defaultText: format.text(of: value)) { texts throws(InvalidValue) in
      guard let text = texts.last else { return value }
      return try format.value(from: text)
    }
  }

  static func required(_ format: ValueFormat<Value>) -> Self {
    Self(format, .required) { texts throws(InvalidValue) in
      // The parser has refused a command line without it.
      try format.value(from: texts.last ?? "")
    }
  }

  static func optional<Wrapped>(_ format: ValueFormat<Wrapped>) -> Self where Value == Wrapped? {
    Self(format, .optional) { texts throws(InvalidValue) in
      guard let text = texts.last else { return nil }
      return try format.value(from: text)
    }
  }

  static func repeated<Element>(_ format: ValueFormat<Element>, atLeast minimum: Int) -> Self
  where Value == [Element] {
    Self(format, .repeated(atLeast: minimum)) { texts throws(InvalidValue) in
      var values: [Element] = []
      for text in texts { values.append(try format.value(from: text)) }
      return values
    }
  }

  func declaration(
    _ kind: ArgumentDeclaration.Kind, name: String, short: Character?, group: String?, help: String
  ) -> ArgumentDeclaration {
    // The placeholder is shown with options only, and only if it is short does it list the choices.
    var choices: String?
    if case .choices(let names) = completion, kind == .positional || !placeholder.contains("|") {
      choices = "one of \(names.joined(separator: ", "))"
    }
    let notes = [limits ?? choices, defaultText.map { "default \($0)" }].compactMap { $0 }
    return ArgumentDeclaration(
      name: name, short: short, kind: kind, occurrence: occurrence, help: help, group: group, placeholder: placeholder,
      notes: notes, completion: completion
    ) { texts throws(InvalidValue) in
      ArgumentValue(value: try read(texts))
    }
  }
}

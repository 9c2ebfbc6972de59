internal import Text

/// What resolving a setting and telling of it takes.
package struct SettingDeclaration: Sendable {
  /// Words separated by dots: `amqp.url` is the key `url` in the section `[amqp]` of the project file.
  package let name: String
  /// The environment variable. For settings with secrets, the same name with `_FILE` names a file with the value.
  package let environment: String
  /// What a valid value is, as the end of "expected …".
  package let expectation: String
  /// The default as it would be written, or nil if there is none.
  package let defaultText: String?
  /// How much of the value may be shown.
  package let secrecy: Secrecy
  /// One or two sentences.
  package let help: String
  /// Makes the value, a `SettingValue` of the key's `Value`; nil is for the default.
  let decode: @Sendable (String?) throws(InvalidValue) -> any Sendable

  init<Item, Value: Sendable>(
    name: String, environment: String, _ format: ValueFormat<Item>, defaultText: String?, secrecy: Secrecy,
    help: String, decode: @escaping @Sendable (String?) throws(InvalidValue) -> Value
  ) {
    self.name = name
    self.environment = environment
    expectation = format.expectation
    self.defaultText = defaultText
    self.secrecy = secrecy
    self.help = help
    self.decode = { text throws(InvalidValue) in SettingValue(value: try decode(text)) }
  }

  /// The variable that names a file with the value, if the setting is one for secrets.
  package var environmentFile: String? {
    switch secrecy {
    case .open: nil
    case .passwordInURL, .secret: environment + "_FILE"
    }
  }

  /// `text`, a value of this setting, as it may be shown.
  func shown(_ text: String) -> String {
    switch secrecy {
    case .open: text
    case .passwordInURL: text.contains("://") ? text.redactingURLSecrets : redactionMark
    case .secret: redactionMark
    }
  }
}

/// A value beside the others in ``ResolvedSettings``.
struct SettingValue<Value: Sendable>: Sendable {
  let value: Value
}

package import Text

/// A setting, declared once, which is also the key to its value: `settings[amqpURL]`.
///
///     static let amqpURL = Setting(
///       "amqp.url", environment: "REELMILL_AMQP_URL", .url(schemes: ["amqp", "amqps"]),
///       default: "amqp://guest:guest@127.0.0.1:5672/", secrecy: .passwordInURL, help: "The broker.")
package struct Setting<Value: Sendable>: SettingKey {
  package let declaration: SettingDeclaration

  /// A setting that has `value` unless it is set.
  package init(
    _ name: String, environment: String, _ format: ValueFormat<Value>, default value: Value,
    secrecy: Secrecy = .open, help: String
  ) {
    declaration = SettingDeclaration(
      name: name, environment: environment, format, defaultText: format.text(of: value), secrecy: secrecy, help: help
    ) { text throws(InvalidValue) in
      guard let text else { return value }
      return try format.value(from: text)
    }
  }

  /// A setting whose value is nil unless it is set.
  package init<Wrapped>(
    optional name: String, environment: String, _ format: ValueFormat<Wrapped>, secrecy: Secrecy = .open, help: String
  ) where Value == Wrapped? {
    declaration = SettingDeclaration(
      name: name, environment: environment, format, defaultText: nil, secrecy: secrecy, help: help
    ) { text throws(InvalidValue) -> Wrapped? in
      guard let text else { return nil }
      return try format.value(from: text)
    }
  }
}

/// A declared setting, whatever its type.
package protocol SettingKey<Value>: Sendable {
  associatedtype Value: Sendable
  /// The setting without its type.
  var declaration: SettingDeclaration { get }
}

/// How much of a setting's value may be shown.
package enum Secrecy: Sendable {
  /// All of it.
  case open
  /// All but the passwords in it; nothing if it is no URL.
  case passwordInURL
  /// Nothing.
  case secret
}

internal import Pipeline

extension StageFailure {
  /// The longest detail that is kept, in bytes.
  private static let maximumDetail = 16 * 1024

  /// The failure as the database takes it: PostgreSQL's text has no NUL, and what a program wrote has any length.
  var storable: StageFailure {
    StageFailure(
      consequence, code: code.withoutNUL, message.withoutNUL,
      detail: detail.map { String(decoding: $0.withoutNUL.utf8.prefix(Self.maximumDetail), as: UTF8.self) })
  }
}

extension String {
  /// The text with its NUL characters made visible.
  var withoutNUL: String { utf8.contains(0) ? replacing("\0", with: "\u{2400}") : self }
}

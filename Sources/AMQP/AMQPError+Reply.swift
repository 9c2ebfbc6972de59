extension AMQPError {
  /// The error behind a `channel.close` of the broker.
  static func closedChannel(code: UInt16, text: String) -> AMQPError {
    guard code == 406, let mismatch = ArgumentMismatch(text) else { return .channelClosed(code: code, text: text) }
    return .preconditionFailed(kind: mismatch.kind, name: mismatch.name, argument: mismatch.argument, text: text)
  }
}

/// What RabbitMQ's text of a refused declaration names:
/// `PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': received …`.
private struct ArgumentMismatch {
  let kind: String
  let name: String
  let argument: String

  init?(_ text: String) {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count >= 5, parts[0].hasSuffix("inequivalent arg "), parts[2].hasPrefix(" for ") else { return nil }
    argument = String(parts[1])
    kind = String(parts[2].dropFirst(5).prefix { $0 != " " })
    name = String(parts[3])
  }
}

/// What stands for a secret in output.
package let redactionMark = "***"

extension String {
  /// The text with the secrets of every URL in it replaced: passwords before the host, and query parameters whose name
  /// says that they are secret. User names, hosts and paths stay.
  ///
  /// Where a password's end is in doubt (a raw `@` or `/` in it), too much is hidden rather than too little.
  package var redactingURLSecrets: String {
    let mark = "://".utf8
    guard utf8.count > mark.count, contains("://") else { return self }
    return split(separator: " ", omittingEmptySubsequences: false)
      .map { redactedWord($0) }
      .joined(separator: " ")
  }
}

private func redactedWord(_ word: Substring) -> String {
  guard let scheme = word.firstRange(of: "://") else { return String(word) }
  var rest = word[scheme.upperBound...]
  var result = String(word[..<scheme.upperBound])
  if let at = rest.lastIndex(of: "@") {
    let user = rest[..<at].prefix { $0 != ":" && $0 != "/" && $0 != "?" }
    result += user.endIndex == at ? String(user) : "\(user):\(redactionMark)"
    rest = rest[at...]
  }
  guard let query = rest.firstIndex(of: "?") else { return result + rest }
  let parameters = rest[rest.index(after: query)...].split(separator: "&", omittingEmptySubsequences: false)
  return result + rest[...query] + parameters.map(redactedParameter).joined(separator: "&")
}

private func redactedParameter(_ parameter: Substring) -> String {
  guard let equals = parameter.firstIndex(of: "=") else { return String(parameter) }
  let name = parameter[..<equals].lowercased()
  let isSecret = ["password", "secret", "token", "key", "signature", "credential"].contains { name.contains($0) }
  return isSecret ? "\(parameter[...equals])\(redactionMark)" : String(parameter)
}

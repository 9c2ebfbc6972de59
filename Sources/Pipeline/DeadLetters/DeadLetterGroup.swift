internal import Hashing

/// Dead letters that stand in one queue for one reason: same stage, same code, same ``ErrorPattern``.
package struct DeadLetterGroup: Sendable, Hashable {
  /// What people type: `transcribe/media.truncated/1f83d9ab`.
  package let name: String

  /// - Parameters:
  ///   - source: the stage that gave up, or another word for where the message was found.
  ///   - code: the failure's stable word.
  ///   - message: the failure as people read it.
  package init(source: String, code: String, message: String) {
    let digest = SHA256Digest(hashing: ErrorPattern(of: message).description).description
    name = "\(source)/\(code)/\(digest.prefix(8))"
  }
}

/// Whether programs that read foreign data run in a sandbox.
package enum SandboxMode: String, Sendable, CaseIterable {
  /// They do, or nothing starts.
  case required
  /// They do where the machine allows it.
  case preferred
  /// They do not.
  case off
}

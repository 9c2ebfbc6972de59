/// A part of a program that runs as long as the program does.
package protocol Service: Sendable {
  /// What people call it in logs.
  var name: String { get }

  /// Runs until the task is cancelled, then finishes what it began and returns.
  func run() async throws
}

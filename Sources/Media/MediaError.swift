/// Why a media file was not read, or a tool did not do its work.
package struct MediaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What follows from it for the caller.
  package enum Reason: Sendable, Equatable {
    /// The program is not installed, or cannot be started.
    case toolMissing
    /// The file is not what it should be; it will not get better.
    case unreadable
    /// The picture claims more pixels than are decoded.
    case tooManyPixels
    /// The result would be larger than its limit.
    case tooLarge
    /// The deadline passed and the program was killed.
    case timedOut
    /// The program was ended by a signal: out of memory, or someone's hand.
    case killed
    /// The task that waited was cancelled.
    case cancelled
    /// A file of our own could not be read or written.
    case storage
  }

  package let reason: Reason
  /// What was expected, what came, what to do.
  package let description: String
  /// The last lines that the program complained; nil if it did not.
  package let detail: String?

  package init(_ reason: Reason, _ description: String, detail: String? = nil) {
    self.reason = reason
    self.description = description
    self.detail = detail
  }
}

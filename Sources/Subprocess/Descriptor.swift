internal import CSubprocess
internal import Glibc

/// An open file descriptor; closed with the value.
struct Descriptor: ~Copyable {
  let number: Int32

  /// Takes the descriptor over.
  init(owning number: Int32) { self.number = number }

  deinit { close(number) }

  /// Gives the descriptor away: whoever receives the number closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  static func opening(
    _ path: String, _ flags: Int32, for executable: String
  ) throws(SubprocessError) -> Descriptor {
    let number = open(path, flags | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw SubprocessError(executable: executable, action: "open", code: errno, subject: "\(path) for \(executable)")
    }
    return Descriptor(owning: number)
  }

  /// A file in memory that holds the bytes, to be read from its start.
  static func holding(_ bytes: [UInt8], for executable: String) throws(SubprocessError) -> Descriptor {
    let file = Descriptor(owning: csubprocess_memory_file())
    var rest = bytes[...]
    while file.number >= 0, !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    guard file.number >= 0, rest.isEmpty, lseek(file.number, 0, SEEK_SET) == 0 else {
      throw SubprocessError(executable: executable, action: "hold the input of", code: errno)
    }
    return file
  }
}

/// The two ends of a pipe; ours does not block.
struct Pipe: ~Copyable {
  let ours: Descriptor
  let theirs: Descriptor

  init(for executable: String) throws(SubprocessError) {
    var ends: (ours: Int32, theirs: Int32) = (-1, -1)
    guard csubprocess_pipe(&ends.ours, &ends.theirs) == 0 else {
      throw SubprocessError(executable: executable, action: "make a pipe for", code: errno)
    }
    ours = Descriptor(owning: ends.ours)
    theirs = Descriptor(owning: ends.theirs)
  }

  /// Takes the pipe apart.
  consuming func ends() -> (ours: Int32, theirs: Int32) { (ours.release(), theirs.release()) }
}

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Where log lines go: a bounded buffer that a thread of its own empties, so that no caller ever waits for a slow
/// terminal or a full pipe.
///
/// When the buffer is full, lines are dropped and counted; the next lines that get through say how many.
package final class LogOutput: Sendable {
  /// How lines look.
  package enum Format: Sendable {
    /// One JSON object a line.
    case json
    /// For people at a terminal.
    case readable(isColored: Bool)
  }

  private struct State {
    var pending: [UInt8] = []
    var dropped = 0
    var droppedEver = 0
    var isWriting = false
  }

  private let format: Format
  private let capacity: Int
  private let write: @Sendable ([UInt8]) -> Void
  private let state = Mutex(State())
  // The queue's thread may block in `write`; it is none of the cooperative pool.
  private let queue = DispatchQueue(label: "log")

  /// - Parameters:
  ///   - capacity: the most bytes that wait to be written.
  ///   - write: writes whole lines; called on one thread at a time, and it may block.
  package init(format: Format, capacity: Int = 1 << 20, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.format = format
    self.capacity = capacity
    self.write = write
  }

  /// An output to standard error.
  package static func standardError(format: Format) -> LogOutput {
    LogOutput(format: format) { writeAll($0, to: STDERR_FILENO) }
  }

  /// How many lines were dropped since the start.
  package var droppedCount: Int { state.withLock { $0.droppedEver } }

  /// Waits until every line logged before the call is written, for use right before the process ends.
  ///
  /// It blocks the calling thread.
  /// - Returns: false if that took longer than `limit`.
  @discardableResult
  package func flush(within limit: Duration = .seconds(2)) -> Bool {
    let done = DispatchSemaphore(value: 0)
    queue.async { [self] in
      drain()
      done.signal()
    }
    let milliseconds = Int((limit / .milliseconds(1)).rounded(.up))
    return done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }

  func append(_ record: LogRecord) {
    let line = rendered(record).utf8
    let mustStart = state.withLock { state in
      guard state.pending.count + line.count <= capacity else {
        state.dropped += 1
        state.droppedEver += 1
        return false
      }
      state.pending.append(contentsOf: line)
      if state.isWriting { return false }
      state.isWriting = true
      return true
    }
    if mustStart { queue.async { [self] in drain() } }
  }

  private func rendered(_ record: LogRecord) -> String {
    switch format {
    case .json: record.json
    case .readable(let isColored): record.readable(isColored: isColored)
    }
  }

  /// Writes until nothing waits. On the queue.
  private func drain() {
    while true {
      let (bytes, dropped) = state.withLock { state in
        defer {
          state.pending.removeAll()
          state.dropped = 0
        }
        state.isWriting = !state.pending.isEmpty || state.dropped > 0
        return (state.pending, state.dropped)
      }
      if bytes.isEmpty, dropped == 0 { return }
      write(bytes)
      if dropped > 0 {
        let notice = LogRecord(
          time: .now, level: .warning, message: "log lines were dropped: they came faster than they could be written",
          metadata: [.count: .integer(dropped)])
        write(Array(rendered(notice).utf8))
      }
    }
  }
}

/// Writes all bytes, waiting where the descriptor does not take more yet. What cannot be written is lost: there is
/// nowhere left to say so.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if count < 0, errno == EAGAIN {
      var interest = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&interest, 1, -1)
    } else if count < 0, errno == EINTR {
      continue
    } else {
      return
    }
  }
}

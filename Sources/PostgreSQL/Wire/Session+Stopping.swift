internal import Concurrency

extension Session {
  /// How long a cancellation has before it is sent again: one that comes before the statement does is lost.
  private static let cancelInterval = Duration.milliseconds(250)

  /// Ends work before it is done: at once if it was not sent, else by cancelling it on the server.
  func stop(_ id: Work.ID, _ reason: Work.Stop) {
    for work in waiting.remove(where: { $0.id == id }) { fail(work, work.stopError(reason)) }
    if let work = running.first(where: { $0.id == id }), work.stop == nil { stop(work, reason) }
  }

  /// What was sent and not answered yet.
  private var running: [Work] {
    if case .alone(let work) = mode { [work] } else { Array(inFlight) }
  }

  private func stop(_ work: Work, _ reason: Work.Stop) {
    work.stop = reason
    wake(at: .now)
  }

  /// Does what is due by now.
  func tick(_ now: ContinuousClock.Instant) {
    nextWake = nil
    for work in waiting.remove(where: { $0.deadline <= now }) { fail(work, work.stopError(.timeout)) }
    for work in running {
      if work.stop == nil, work.deadline <= now { stop(work, .timeout) }
      if let giveUp = work.giveUp, giveUp <= now {
        return lose("the server did not answer to a cancellation within \(configuration.cancelTimeout)")
      }
    }
    cancelHead(now)
    expireDrain(now)
    expireCopyRead(now)
    let moments = (waiting.map(\.nextWake) + running.map(\.nextWake) + [drainWaiter?.deadline, copyWaiter?.deadline])
      .compactMap(\.self)
    if let earliest = moments.min() { wake(at: earliest) }
  }

  /// Asks the server to cancel what runs now; what was sent after it has its turn later.
  private func cancelHead(_ now: ContinuousClock.Instant) {
    guard !isCancelling, let head = running.first, head.stop != nil else { return }
    if let next = head.nextCancel, next > now { return wake(at: next) }
    head.nextCancel = now + Self.cancelInterval
    head.giveUp = head.giveUp ?? now + configuration.cancelTimeout
    wake(at: now + Self.cancelInterval)
    guard let request = CancelRequest(for: handle), let owner else { return }
    isCancelling = true
    // The request is a connection of its own, which libpq makes without asking whether it may block.
    startThread(name: "pg-cancel") {
      request.send()
      Task { await owner.cancelWasSent() }
    }
  }

  /// The request to cancel was delivered, or could not be.
  func cancelWasSent() {
    isCancelling = false
    wake(at: .now)
  }

  private func expireDrain(_ now: ContinuousClock.Instant) {
    guard let waiter = drainWaiter, waiter.deadline <= now else { return }
    drainWaiter = nil
    waiter.resume(.failure(.timeout(after: waiter.limit, isOutcomeKnown: true)))
  }
}

/// Runs services together: started in order, stopped in reverse order, so each may rely on those before it.
package final class ServiceGroup: Sendable {
  /// Why and how a group ended.
  package struct Outcome: Sendable {
    /// Why a group ended.
    package enum Reason: Sendable {
      /// Someone asked: a signal, ``ServiceGroup/stop()``, or cancellation.
      case requested
      /// A service returned although nobody had asked it to.
      case ended(service: String)
      case failed(service: String, error: any Error)
    }

    package let reason: Reason
    /// Services that did not end within the grace time and were left behind.
    package let leftBehind: [String]
    /// Services that failed while they were stopped.
    package let failedToStop: [(service: String, error: any Error)]
  }

  private enum Event: Sendable {
    case stopRequested
    case ended(Int, Result<Void, any Error>)
  }

  private let services: [any Service]
  private let grace: Duration
  private let events: AsyncStream<Event>
  private let report: AsyncStream<Event>.Continuation

  /// - Parameters:
  ///   - services: in the order of dependency.
  ///   - grace: how long each may take to stop.
  package init(_ services: [any Service], grace: Duration = .seconds(10)) {
    self.services = services
    self.grace = grace
    (events, report) = AsyncStream.makeStream(of: Event.self)
  }

  /// Asks the group to stop.
  package func stop() { report.yield(.stopRequested) }

  /// Runs the services until one ends, one of the signals comes, the task is cancelled or ``stop()`` is called, and
  /// then until all have stopped or were left behind. Call it once.
  package func run(stoppingOn signals: [Signal] = []) async -> Outcome {
    // Received from here on, so that none that comes while the services start is missed.
    let received = Signals.stream(of: signals)
    let forwarding = Task { [report] in
      for await _ in received { report.yield(.stopRequested) }
    }
    defer { forwarding.cancel() }
    return await withTaskCancellationHandler {
      let tasks = services.enumerated().map { index, service in start(service, index: index) }
      let reason = await firstReason()
      return await stop(tasks, because: reason)
    } onCancel: {
      stop()
    }
  }

  /// Not a child task: one that does not heed its cancellation can be left behind.
  private func start(_ service: any Service, index: Int) -> Task<Result<Void, any Error>, Never> {
    Task { [report] in
      let result: Result<Void, any Error>
      do { result = .success(try await service.run()) } catch { result = .failure(error) }
      report.yield(.ended(index, result))
      return result
    }
  }

  private func firstReason() async -> Outcome.Reason {
    switch await events.first(where: { _ in true }) {
    case nil, .stopRequested: .requested
    case .ended(let index, .success): .ended(service: services[index].name)
    case .ended(let index, .failure(let error)): .failed(service: services[index].name, error: error)
    }
  }

  private func stop(
    _ tasks: [Task<Result<Void, any Error>, Never>], because reason: Outcome.Reason
  ) async -> Outcome {
    var leftBehind: [String] = []
    var failures: [(service: String, error: any Error)] = []
    for (service, task) in zip(services, tasks).reversed() {
      task.cancel()
      switch await result(of: task) {
      case nil: leftBehind.append(service.name)
      case .failure(let error)? where !(error is CancellationError): failures.append((service.name, error))
      case _?: break
      }
    }
    if case .failed(let first, _) = reason { failures.removeAll { $0.service == first } }
    return Outcome(reason: reason, leftBehind: leftBehind, failedToStop: failures)
  }

  /// The task's result, or nil if it does not come within the grace time; then the task goes on alone.
  private func result(of task: Task<Result<Void, any Error>, Never>) async -> Result<Void, any Error>? {
    let (results, first) = AsyncStream.makeStream(of: Result<Void, any Error>?.self)
    let timer = Task { [grace] in
      // Unstructured, so the cancellation of the group does not shorten the grace time.
      try? await Task.sleep(for: grace)
      first.yield(nil)
    }
    defer { timer.cancel() }
    Task { first.yield(await task.value) }
    // In a task of its own, because the group's may be cancelled, which would end the stream.
    return await Task { await results.first { _ in true } ?? nil }.value
  }
}

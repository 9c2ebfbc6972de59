/// Actions that run when their time has come, unless they are cancelled before.
struct Deadlines {
  struct ID: Hashable {
    fileprivate let value: UInt64
  }

  private var entries: [ID: (instant: ContinuousClock.Instant, action: () -> Void)] = [:]
  private var lastID: UInt64 = 0
  /// No action is due before; an early look is harmless.
  private(set) var earliest: ContinuousClock.Instant?

  mutating func schedule(at instant: ContinuousClock.Instant, _ action: @escaping () -> Void) -> ID {
    lastID += 1
    entries[ID(value: lastID)] = (instant, action)
    earliest = min(earliest ?? instant, instant)
    return ID(value: lastID)
  }

  mutating func cancel(_ id: ID) {
    entries[id] = nil
    if entries.isEmpty { earliest = nil }
  }

  /// Takes out the actions that are due, in the order of their times.
  mutating func takeDue(at now: ContinuousClock.Instant) -> [() -> Void] {
    guard let earliest, earliest <= now else { return [] }
    let due = entries.filter { $0.value.instant <= now }.sorted { $0.value.instant < $1.value.instant }
    for (id, _) in due { entries[id] = nil }
    self.earliest = entries.values.map(\.instant).min()
    return due.map(\.value.action)
  }
}

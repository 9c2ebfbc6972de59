internal import Concurrency
internal import PostgreSQL

/// Turns the database work of concurrent deliveries into few large statements.
///
/// One batch is in flight; what arrives meanwhile is the next. There is no timer: an idle coalescer sends at once, a
/// busy one makes its batches as large as its load. Items of one key never share a batch (one statement cannot write
/// a row twice), or share their outcome where they ask for the same. A batch that lost against another transaction is
/// tried again; when one fails for good, its halves are tried apart, so that one bad row fails alone.
actor Coalescer<Key: Hashable & Sendable, Item: Sendable, Outcome: Sendable> {
  private typealias Continuation = CheckedContinuation<Result<Outcome, PostgresError>, Never>

  /// An item, and who waits for its outcome. A class, as it moves from queue to batch.
  private final class Entry {
    let item: Item
    let key: Key
    var continuations: [Continuation]

    init(item: Item, key: Key, continuation: Continuation) {
      self.item = item
      self.key = key
      continuations = [continuation]
    }

    func resume(_ result: Result<Outcome, PostgresError>) {
      for continuation in continuations { continuation.resume(returning: result) }
    }
  }

  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private let limits: BatchLimits
  private let key: @Sendable (Item) -> Key
  private let weight: @Sendable (Item) -> Int
  private let folds: Bool
  private let perform: @Sendable ([Item]) async throws(PostgresError) -> [Outcome]
  private var waiting: [Entry] = []
  private var isBusy = false

  /// How often a batch is tried that loses against other transactions.
  private static var attempts: Int { 6 }

  /// - Parameters:
  ///   - key: what may appear once in a statement.
  ///   - weight: about how many bytes the item adds to it.
  ///   - folds: whether items of one key are one item with one outcome.
  ///   - perform: runs one batch, sorted as given, and answers an outcome for each item in the same order.
  init(
    loop: EventLoop, limits: BatchLimits = BatchLimits(), key: @escaping @Sendable (Item) -> Key,
    weight: @escaping @Sendable (Item) -> Int = { _ in 0 }, folds: Bool = false,
    perform: @escaping @Sendable ([Item]) async throws(PostgresError) -> [Outcome]
  ) {
    self.loop = loop
    self.limits = limits
    self.key = key
    self.weight = weight
    self.folds = folds
    self.perform = perform
  }

  /// Runs the item in the next batch.
  func submit(_ item: Item) async throws(PostgresError) -> Outcome {
    let result = await withCheckedContinuation { continuation in
      waiting.append(Entry(item: item, key: key(item), continuation: continuation))
      if !isBusy {
        isBusy = true
        Task(executorPreference: loop.taskExecutor) { await self.drain() }
      }
    }
    return try result.get()
  }

  private func drain() async {
    while !waiting.isEmpty {
      await run(nextBatch())
    }
    isBusy = false
  }

  /// The next batch, each entry with all who wait for its outcome. What cannot be in it stays in its order.
  private func nextBatch() -> [Entry] {
    var batch: [Entry] = []
    var places: [Key: Int] = [:]
    var kept: [Entry] = []
    var bytes = 0
    var seen = 0
    for candidate in waiting {
      if let place = places[candidate.key] {
        if folds { batch[place].continuations += candidate.continuations } else { kept.append(candidate) }
      } else {
        let (weight, count) = (weight(candidate.item), batch.count)
        guard count == 0 || (count < limits.rows && bytes + weight <= limits.bytes) else { break }
        places[candidate.key] = count
        batch.append(candidate)
        bytes += weight
      }
      seen += 1
    }
    waiting.replaceSubrange(..<seen, with: kept)
    return batch
  }

  private func run(_ batch: [Entry]) async {
    do throws(PostgresError) {
      let outcomes = try await performAgain(batch.map(\.item))
      for (entry, outcome) in zip(batch, outcomes) { entry.resume(.success(outcome)) }
    } catch {
      guard batch.count > 1, error.consequence == .permanent else {
        for entry in batch { entry.resume(.failure(error)) }
        return
      }
      let middle = batch.count / 2
      await run(Array(batch[..<middle]))
      await run(Array(batch[middle...]))
    }
  }

  /// Performs a batch, again where it lost against another transaction.
  private func performAgain(_ items: [Item]) async throws(PostgresError) -> [Outcome] {
    var attempt = 1
    while true {
      do throws(PostgresError) {
        return try await perform(items)
      } catch {
        guard attempt < Self.attempts, error.serverError?.sqlState.isTransactionConflict == true else { throw error }
      }
      // Chance parts those who collided.
      try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(5 << attempt))))
      attempt += 1
    }
  }
}

/// How large a batch may be.
struct BatchLimits: Sendable {
  var rows = 256
  var bytes = 1 << 20
}

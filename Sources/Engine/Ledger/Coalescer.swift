internal import Concurrency
internal import PostgreSQL

/// Turns the database work of concurrent deliveries into few large statements.
///
/// One batch is in flight; what arrives meanwhile is the next. There is no timer: an idle coalescer sends at once, a
/// busy one makes its batches as large as its load. Items of one key never share a batch (one statement cannot write
/// a row twice). When a batch fails for good, its halves are tried apart, so that one bad row fails alone.
actor Coalescer<Item: Sendable, Outcome: Sendable> {
  private struct Waiting {
    let item: Item
    let continuation: CheckedContinuation<Result<Outcome, PostgresError>, Never>
  }

  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private let limits: BatchLimits
  private let key: @Sendable (Item) -> AnyHashable
  private let weight: @Sendable (Item) -> Int
  private let perform: @Sendable ([Item]) async throws(PostgresError) -> [Outcome]
  private var waiting: [Waiting] = []
  private var isBusy = false

  /// - Parameters:
  ///   - key: what may appear once in a statement.
  ///   - weight: about how many bytes the item adds to it.
  ///   - perform: runs one batch, sorted as given, and answers an outcome for each item in the same order.
  init(
    loop: EventLoop, limits: BatchLimits = BatchLimits(), key: @escaping @Sendable (Item) -> AnyHashable,
    weight: @escaping @Sendable (Item) -> Int = { _ in 0 },
    perform: @escaping @Sendable ([Item]) async throws(PostgresError) -> [Outcome]
  ) {
    self.loop = loop
    self.limits = limits
    self.key = key
    self.weight = weight
    self.perform = perform
  }

  /// Runs the item in the next batch.
  func submit(_ item: Item) async throws(PostgresError) -> Outcome {
    let result = await withCheckedContinuation { continuation in
      waiting.append(Waiting(item: item, continuation: continuation))
      if !isBusy {
        isBusy = true
        Task { await self.drain() }
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

  private func nextBatch() -> [Waiting] {
    var batch: [Waiting] = []
    var rest: [Waiting] = []
    var keys: Set<AnyHashable> = []
    var bytes = 0
    for candidate in waiting {
      let fits = batch.isEmpty || (batch.count < limits.rows && bytes + weight(candidate.item) <= limits.bytes)
      if fits, keys.insert(key(candidate.item)).inserted {
        batch.append(candidate)
        bytes += weight(candidate.item)
      } else {
        rest.append(candidate)
      }
    }
    waiting = rest
    return batch
  }

  private func run(_ batch: [Waiting]) async {
    do throws(PostgresError) {
      let outcomes = try await perform(batch.map(\.item))
      for (entry, outcome) in zip(batch, outcomes) { entry.continuation.resume(returning: .success(outcome)) }
    } catch {
      guard batch.count > 1, error.consequence == .permanent else {
        for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        return
      }
      let middle = batch.count / 2
      await run(Array(batch[..<middle]))
      await run(Array(batch[middle...]))
    }
  }
}

/// How large a batch may be.
struct BatchLimits: Sendable {
  var rows = 256
  var bytes = 1 << 20
}

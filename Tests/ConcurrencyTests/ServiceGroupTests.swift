import Concurrency
import Glibc
import Synchronization
import Testing

@Suite struct ServiceGroupTests {
  struct Broken: Error {}

  final class Journal: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  /// Runs until it is cancelled, unless `work` ends before.
  struct Recorder: Service {
    let name: String
    let journal: Journal
    var started: @Sendable () -> Void = {}
    var work: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(3600)) }

    func run() async throws {
      started()
      defer { journal.note(name) }
      try await work()
    }
  }

  @Test func `services stop in reverse order when someone asks`() async {
    let journal = Journal()
    let group = ServiceGroup(["a", "b", "c"].map { Recorder(name: $0, journal: journal) })
    group.stop()
    let outcome = await group.run()
    #expect(journal.all == ["c", "b", "a"])
    guard case .requested = outcome.reason else { return #expect(Bool(false), "it was \(outcome.reason)") }
    #expect(outcome.leftBehind.isEmpty)
    #expect(outcome.failedToStop.isEmpty)
  }

  @Test func `a signal stops them`() async {
    let journal = Journal()
    let signal = Signal(number: SIGURG)
    let service = Recorder(name: "a", journal: journal, started: { kill(getpid(), signal.number) })
    let outcome = await ServiceGroup([service]).run(stoppingOn: [signal])
    guard case .requested = outcome.reason else { return #expect(Bool(false), "it was \(outcome.reason)") }
    #expect(journal.all == ["a"])
  }

  @Test func `cancelling the task stops them`() async {
    let journal = Journal()
    let (starts, started) = AsyncStream.makeStream(of: Void.self)
    let group = ServiceGroup([Recorder(name: "a", journal: journal, started: { started.yield() })])
    let task = Task { await group.run() }
    await starts.first { true }
    task.cancel()
    guard case .requested = await task.value.reason else { return #expect(Bool(false)) }
    #expect(journal.all == ["a"])
  }

  @Test func `a service that fails stops the others`() async {
    let journal = Journal()
    let services = [
      Recorder(name: "a", journal: journal),
      Recorder(name: "b", journal: journal, work: { throw Broken() }),
      Recorder(name: "c", journal: journal),
    ]
    let outcome = await ServiceGroup(services).run()
    guard case .failed("b", is Broken) = outcome.reason else { return #expect(Bool(false), "it was \(outcome.reason)") }
    #expect(journal.all == ["b", "c", "a"])
    #expect(outcome.failedToStop.isEmpty)
  }

  @Test func `a service that returns by itself stops the others`() async {
    let journal = Journal()
    let services = [Recorder(name: "a", journal: journal), Recorder(name: "b", journal: journal, work: {})]
    let outcome = await ServiceGroup(services).run()
    guard case .ended("b") = outcome.reason else { return #expect(Bool(false), "it was \(outcome.reason)") }
    #expect(journal.all == ["b", "a"])
  }

  @Test func `a service that does not stop in time is left behind, and the rest is stopped`() async {
    let journal = Journal()
    let gate = AsyncGate(isOpen: false)
    let deaf: @Sendable () async throws -> Void = { try? await Task { try await gate.waitUntilOpen() }.value }
    let services = [
      Recorder(name: "a", journal: journal), Recorder(name: "deaf", journal: journal, work: deaf),
    ]
    let group = ServiceGroup(services, grace: .milliseconds(50))
    group.stop()
    let outcome = await group.run()
    #expect(outcome.leftBehind == ["deaf"])
    #expect(journal.all == ["a"])
    gate.open()
  }

  @Test func `a service that fails while it stops is named`() async {
    let journal = Journal()
    let failing: @Sendable () async throws -> Void = {
      try? await Task.sleep(for: .seconds(3600))
      throw Broken()
    }
    let group = ServiceGroup([Recorder(name: "a", journal: journal, work: failing)])
    group.stop()
    let outcome = await group.run()
    #expect(outcome.failedToStop.map(\.service) == ["a"])
  }
}

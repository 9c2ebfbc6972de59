import Concurrency
import Testing

@Suite struct EventLoopTests {
  actor Counter {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    var value = 0
    init(loop: EventLoop) { self.loop = loop }
    func increment() -> Bool {
      value += 1
      return loop.isCurrent
    }
  }

  @Test func `an actor's work runs on the loop's thread, whoever calls`() async {
    let loop = EventLoop(name: "test")
    defer { loop.stop() }
    let counter = Counter(loop: loop)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1000 { group.addTask { await counter.increment() } }
      for await onLoop in group { #expect(onLoop) }
    }
    #expect(await counter.value == 1000)
  }

  @Test func `a task that prefers the loop resumes on it after a suspension`() async {
    let loop = EventLoop(name: "test")
    defer { loop.stop() }
    let resumedOnLoop = await Task(executorPreference: loop.taskExecutor) {
      await Task.yield()
      return loop.isCurrent
    }.value
    #expect(resumedOnLoop)
  }
}

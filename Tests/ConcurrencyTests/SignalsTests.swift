import Concurrency
import Glibc
import Testing

/// One after the other: signals belong to the whole process. They use signals that nothing else does.
@Suite(.serialized) struct SignalsTests {
  let first = Signal(number: SIGUSR1)
  let second = Signal(number: SIGUSR2)

  @Test func `a signal to the process arrives, whichever thread it meets`() async {
    var iterator = Signals.stream(of: [first, second]).makeAsyncIterator()
    for signal in [first, second, first] {
      kill(getpid(), signal.number)
      #expect(await iterator.next() == signal)
    }
  }

  @Test func `every listener receives what it listens to`() async {
    var both = Signals.stream(of: [first, second]).makeAsyncIterator()
    var one = Signals.stream(of: [second]).makeAsyncIterator()
    kill(getpid(), SIGUSR1)
    #expect(await both.next() == first)
    kill(getpid(), SIGUSR2)
    #expect(await both.next() == second)
    #expect(await one.next() == second)
  }

  @Test func `a signal that nobody listens to any more does what it did by default`() async {
    let signal = Signal(number: SIGWINCH)
    let task = Task { await Signals.stream(of: [signal]).first { _ in true } }
    task.cancel()
    _ = await task.value
    var action = sigaction()
    sigaction(SIGWINCH, nil, &action)
    #expect(action.__sigaction_handler.sa_handler == nil)
  }
}

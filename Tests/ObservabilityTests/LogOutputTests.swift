import Dispatch
import JSON
import Observability
import Synchronization
import Testing

@Suite struct LogOutputTests {
  @Test func `a blocked reader stops nobody: lines that do not fit are dropped and counted`() throws {
    let captured = CapturedLog()
    let gate = DispatchSemaphore(value: 0)
    let isOpen = Atomic<Bool>(false)
    let output = LogOutput(format: .json, capacity: 10_000) { bytes in
      if !isOpen.load(ordering: .acquiring) { gate.wait() }
      captured.append(bytes)
    }
    let logger = Logger(level: .info, output: output)
    for number in 0..<5000 { logger.info("line", [.count: .integer(number)]) }
    #expect(output.droppedCount > 4000)

    isOpen.store(true, ordering: .releasing)
    gate.signal()
    #expect(output.flush(within: .seconds(30)))
    let records = try captured.lines.map { try JSON(parsing: String($0)) }
    let written = records.count { $0["message"]?.string == "line" }
    let reported = records.filter { $0["level"]?.string == "warning" }.compactMap { $0["count"]?.integer }
    #expect(written + output.droppedCount == 5000)
    #expect(reported.reduce(0, +) == Int64(output.droppedCount))
  }

  @Test func `a flush gives up after its limit`() {
    let gate = DispatchSemaphore(value: 0)
    let output = LogOutput(format: .json) { _ in gate.wait() }
    Logger(level: .info, output: output).info("stuck")
    #expect(!output.flush(within: .milliseconds(20)))
    gate.signal()
    #expect(output.flush(within: .seconds(30)))
  }

  @Test func `lines of many tasks stay whole`() async throws {
    let lines = await logged { logger in
      await withTaskGroup { group in
        for task in 0..<8 {
          group.addTask { for _ in 0..<200 { logger.info("from a task", [.count: .integer(task)]) } }
        }
      }
    }
    #expect(lines.count == 1600)
    for line in lines { _ = try JSON(parsing: String(line)) }
  }
}

import FoundationEssentials
import Synchronization
import TestSupport

/// Every random choice of a scenario, which its seed determines.
final class Dice: Sendable {
  let seed: UInt64
  private let generator: Mutex<SeededGenerator>

  /// Rolls from `REELMILL_FAULTS_SEED`, to see a failure again, or else from any seed.
  init() {
    let given = ProcessInfo.processInfo.environment["REELMILL_FAULTS_SEED"].flatMap { UInt64($0) }
    seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    generator = Mutex(SeededGenerator(seed: seed))
  }

  func roll(_ range: Range<Int>) -> Int { generator.withLock { Int.random(in: range, using: &$0) } }

  func choose<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[roll(0..<elements.count)]
  }
}

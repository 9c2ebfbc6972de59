/// A version such as `5.1.9`; what follows the numbers does not count.
package struct SoftwareVersion: Sendable, Hashable {
  /// From the most significant on.
  package let numbers: [Int]

  package init(_ numbers: Int...) { self.numbers = numbers }

  /// Takes the first number with a dot in it, or else the first number, out of a program's text; nil if there is none.
  package init?(in text: some StringProtocol) {
    let candidates = text.split { !$0.isASCII || !($0.isNumber || $0 == ".") }
      .filter { $0.first?.isNumber == true }
    guard let found = candidates.first(where: { $0.contains(".") }) ?? candidates.first else { return nil }
    numbers = found.split(separator: ".").compactMap { Int($0) }
  }
}

extension SoftwareVersion: Comparable, CustomStringConvertible {
  package static func == (left: SoftwareVersion, right: SoftwareVersion) -> Bool { !(left < right) && !(right < left) }

  package func hash(into hasher: inout Hasher) { hasher.combine(significant) }

  /// Missing numbers count as zero: 5.1 is 5.1.0.
  package static func < (left: SoftwareVersion, right: SoftwareVersion) -> Bool {
    left.significant.lexicographicallyPrecedes(right.significant)
  }

  package var description: String { numbers.map(String.init).joined(separator: ".") }

  private var significant: [Int] { Array(numbers.reversed().drop { $0 == 0 }.reversed()) }
}

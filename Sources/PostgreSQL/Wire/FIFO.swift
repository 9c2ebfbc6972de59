/// A queue: in at the back, out at the front, in constant time.
struct FIFO<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : elements[head] }
  var last: Element? { elements.last ?? nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    defer {
      elements[head] = nil
      head += 1
      if head > 32, head * 2 > elements.count {
        elements.removeFirst(head)
        head = 0
      }
    }
    return elements[head]
  }

  /// Removes and returns every element that satisfies `condition`, in order.
  mutating func remove(where condition: (Element) -> Bool) -> [Element] {
    let all = Array(self)
    elements = all.filter { !condition($0) }
    head = 0
    return all.filter(condition)
  }
}

extension FIFO: Sequence {
  func makeIterator() -> AnyIterator<Element> {
    AnyIterator(elements[head...].lazy.compactMap(\.self).makeIterator())
  }
}

/// The published messages of a channel that the broker has not confirmed yet, by their tags.
///
/// A confirm channel counts its messages from one; the broker confirms them out of order, alone or up to a tag.
package struct ConfirmTracker<Entry> {
  /// The entries from `base` on; nil where one was settled ahead of its predecessors.
  private var slots: [Entry?] = []
  private var head = 0
  private var base: UInt64 = 1
  /// How many are not settled.
  package private(set) var count = 0

  package init() {}

  /// The tag that the next message gets.
  private var next: UInt64 { base + UInt64(slots.count - head) }

  /// Notes a message that was just sent.
  package mutating func track(_ entry: Entry) {
    slots.append(entry)
    count += 1
  }

  /// Settles the message of `tag`, or all up to it (zero: all there are), and hands each to `body`.
  ///
  /// - Throws: ``AMQPError/protocolViolation(_:)`` if no message has that tag.
  package mutating func settle(tag: UInt64, multiple: Bool, _ body: (Entry) -> Void) throws(AMQPError) {
    let last = multiple && tag == 0 ? next - 1 : tag
    guard last < next, last > 0 || multiple else {
      throw .protocolViolation("the broker confirms message \(tag), but the last is \(next - 1)")
    }
    guard last >= base else { return }
    let index = head + Int(last - base)
    for index in (multiple ? head : index)...index { settleSlot(index, body) }
    advance()
  }

  /// The oldest entry that is not settled and matches.
  package func first(where matches: (Entry) -> Bool) -> Entry? {
    slots[head...].first { slot in slot.map(matches) ?? false } ?? nil
  }

  /// The entries that are not settled, in order.
  package var unsettled: [Entry] { slots[head...].compactMap(\.self) }

  private mutating func settleSlot(_ index: Int, _ body: (Entry) -> Void) {
    guard let entry = slots[index] else { return }
    slots[index] = nil
    count -= 1
    body(entry)
  }

  private mutating func advance() {
    while head < slots.count, slots[head] == nil {
      head += 1
      base += 1
    }
    // Moving the rest down costs no more than what was settled since the last time.
    guard head == slots.count || head > 1024 && head > slots.count / 2 else { return }
    slots.removeFirst(head)
    head = 0
  }
}

/// The channels of a connection by their numbers.
struct ChannelTable {
  /// Channel one first.
  private var slots: [Channel?] = []

  var all: [Channel] { slots.compactMap(\.self) }

  /// The channel of a number from one on, if it is open.
  subscript(number: UInt16) -> Channel? {
    number > 0 && number <= slots.count ? slots[Int(number) - 1] : nil
  }

  mutating func insert(_ channel: Channel) {
    let missing = Int(channel.id.number) - slots.count
    if missing > 0 { slots.append(contentsOf: repeatElement(nil, count: missing)) }
    slots[Int(channel.id.number) - 1] = channel
  }

  mutating func remove(_ number: UInt16) {
    guard self[number] != nil else { return }
    slots[Int(number) - 1] = nil
  }

  /// The lowest number that no channel has; nil if all up to `limit` are taken.
  func firstFree(upTo limit: UInt16) -> UInt16? { (1...max(1, limit)).first { self[$0] == nil } }
}

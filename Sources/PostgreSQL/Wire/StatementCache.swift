/// What a connection has prepared on the server: the least recently used leave first.
struct StatementCache {
  struct Key: Hashable {
    let text: String
    let types: [UInt32]
  }

  enum Use: Equatable {
    /// Send the text; nothing is kept.
    case unnamed
    /// Prepare it under this name, then execute that.
    case prepare(name: String)
    /// Execute what is prepared under this name.
    case execute(name: String)
  }

  private struct Entry {
    let name: String
    var isConfirmed = false
    var lastUse: UInt64
  }

  private let limit: Int
  private var entries: [Key: Entry] = [:]
  private var uses: UInt64 = 0
  /// Names that the server may forget.
  private(set) var condemned: [String] = []

  init(limit: Int) { self.limit = limit }

  /// How to send a statement.
  ///
  /// Until the server has confirmed that it is prepared, the same statement goes without a name: if the first one
  /// turns out to be wrong, the ones behind it must fail for that reason and not for a name that is not there.
  mutating func use(_ key: Key) -> Use {
    guard limit > 0 else { return .unnamed }
    uses += 1
    if let entry = entries[key] {
      entries[key]?.lastUse = uses
      return entry.isConfirmed ? .execute(name: entry.name) : .unnamed
    }
    if entries.count >= limit { evictLeastRecentlyUsed() }
    let name = "p\(uses)"
    entries[key] = Entry(name: name, lastUse: uses)
    return .prepare(name: name)
  }

  /// The server has prepared it.
  mutating func confirm(_ key: Key) { entries[key]?.isConfirmed = true }

  /// The server could not prepare it, or what it prepared is stale.
  mutating func forget(_ key: Key) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    if entry.isConfirmed { condemned.append(entry.name) }
  }

  /// Takes the names to deallocate on the server.
  mutating func takeCondemned() -> [String] {
    defer { condemned = [] }
    return condemned
  }

  /// Puts a name back that the server could not deallocate now.
  mutating func condemn(_ name: String) { condemned.append(name) }

  private mutating func evictLeastRecentlyUsed() {
    let confirmed = entries.filter(\.value.isConfirmed)
    guard let oldest = confirmed.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    forget(oldest.key)
  }
}

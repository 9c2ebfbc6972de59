import Search
import Testing

@Suite struct SearchQueryTests {
  @Test(arguments: [
    ("harbour news", "harbour news"),
    ("  \"city council\"  news ", "city council news"),
    ("ships -sails", "ships"),
    ("ships -\"old sails\" masts", "ships masts"),
    ("“tall ships” «à Paris»", "tall ships à Paris"),
    ("an \"unclosed quote", "an unclosed quote"),
    ("ships\u{0}and\u{7}bells", "ships and bells"),
    ("- -- ! ships ?", "ships"),
    ("state-of-the-art", "state-of-the-art"),
    ("cats or dogs", "cats or dogs"),
  ])
  func `what is looked for is read out of what was typed`(text: String, meaning: String) throws {
    #expect(try SearchQuery(text).meaning == meaning)
  }

  @Test(arguments: ["", "   ", "\"\"", "!!! ???", "- -", "\u{0}"])
  func `a query without words is refused`(text: String) {
    #expect(throws: InvalidSearchQuery.noWords) { try SearchQuery(text) }
  }

  @Test func `a query that only excludes is refused`() {
    #expect(throws: InvalidSearchQuery.onlyExclusions) { try SearchQuery("-ships -\"tall masts\"") }
  }

  @Test func `a query that is too long, or asks for too much, is refused`() {
    #expect(throws: InvalidSearchQuery.tooLong(bytes: 1001)) {
      try SearchQuery(String(repeating: "a", count: 1001))
    }
    #expect(throws: InvalidSearchQuery.limitOutOfRange(0)) { try SearchQuery("a", limit: 0) }
    #expect(throws: InvalidSearchQuery.limitOutOfRange(101)) { try SearchQuery("a", limit: 101) }
  }
}

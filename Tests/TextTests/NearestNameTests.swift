import Testing
import Text

@Suite struct NearestNameTests {
  let names = ["limit", "lane", "stage", "dry-run"]

  @Test(arguments: [
    ("limt", "limit"), ("limti", "limit"), ("Lane", "lane"), ("stages", "stage"), ("dryrun", "dry-run"),
  ])
  func `a slip of the fingers finds its name`(mistyped: String, meant: String) {
    #expect(nearestName(to: mistyped, in: names) == meant)
  }

  @Test(arguments: ["", "x", "xyzzy", "organisation", String(repeating: "l", count: 100_000)])
  func `what is far from every name finds none`(mistyped: String) {
    #expect(nearestName(to: mistyped, in: names) == nil)
  }
}

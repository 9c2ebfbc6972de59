import Operations
import PostgreSQL
import Testing

@Suite struct TimestampTextTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_772_368_205_250, "2026-03-01T12:30:05.250Z"),
    (1_691_352_890_123, "2023-08-06T20:14:50.123Z"), (999, "1970-01-01T00:00:00.999Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_007, "2000-02-29T00:00:00.007Z"),
  ])
  func `a moment is written to the millisecond`(milliseconds: Int64, text: String) {
    #expect(Timestamp(millisecondsSince1970: milliseconds).rfc3339 == text)
  }

  @Test func `a sentence has no letters in its time`() {
    #expect(Timestamp(millisecondsSince1970: 1_772_368_205_250).sentenceText == "2026-03-01 12:30:05 UTC")
  }
}

import Operations
import PostgreSQL
import Testing

@Suite struct ActivityTrendTests {
  /// One stage at a second: what waits, what ended since the first, what runs.
  private func sample(
    _ second: Int64, waiting: Int?, ended: Int? = 0, running: Int = 0, slots: Int? = nil
  ) -> ActivitySample {
    ActivitySample(
      at: Timestamp(millisecondsSince1970: 1_000_000 + second * 1000),
      stages: [.init(name: "read", live: waiting, running: running, concluded: ended, slots: slots)])
  }

  private func trend(_ samples: [ActivitySample]) throws -> ActivityReport.Trend {
    var trend = ActivityTrend()
    let reports = samples.map { trend.add($0) }
    return try #require(reports.last?.trends.first)
  }

  @Test func `one look tells no rate`() throws {
    let trend = try trend([sample(0, waiting: 5)])
    #expect(trend.rate == nil && trend.drainsIn == nil)
    #expect(trend.oldest == .init(duration: .zero, isAtLeast: true), "it was there before")
  }

  @Test func `the rate is what ended, and a queue drains by what it loses`() throws {
    // 20 ended in ten seconds while 10 came.
    let trend = try trend([sample(0, waiting: 100), sample(10, waiting: 90, ended: 20)])
    #expect(trend.rate == 2)
    #expect(trend.drainsIn == .seconds(90))
  }

  @Test func `a queue that grows or stands is never drained, an empty one is`() throws {
    #expect(try trend([sample(0, waiting: 5), sample(1, waiting: 6, ended: 9)]).drainsIn == nil)
    #expect(try trend([sample(0, waiting: 5), sample(1, waiting: 5)]).drainsIn == nil)
    #expect(try trend([sample(0, waiting: 5), sample(1, waiting: 0)]).drainsIn == .zero)
  }

  @Test func `rates are those of the last half minute`() throws {
    let trend = try trend([
      sample(0, waiting: 0), sample(100, waiting: 0, ended: 1000), sample(120, waiting: 0, ended: 1020),
    ])
    #expect(trend.rate == 1)
  }

  @Test func `utilisation is the mean share of the slots that ran`() throws {
    let trend = try trend([
      sample(0, waiting: 0, running: 4, slots: 4), sample(1, waiting: 0, running: 1, slots: 4),
    ])
    #expect(trend.utilisation == 0.625)
    #expect(try self.trend([sample(0, waiting: 0, slots: 0)]).utilisation == nil, "nobody takes the stage")
  }

  @Test func `the first message came by the first look by which more had come than have ended`() throws {
    let samples = [
      sample(0, waiting: 10), sample(10, waiting: 20, ended: 5), sample(20, waiting: 14, ended: 11),
      sample(30, waiting: 5, ended: 20),
    ]
    // 20 have ended; 10 had come by the first look, 25 by the second.
    #expect(try trend(samples).oldest == .init(duration: .seconds(30), isAtLeast: false))
    #expect(try trend(Array(samples.prefix(2))).oldest == .init(duration: .seconds(10), isAtLeast: true))
  }

  @Test func `nothing is older than the last look at an empty queue, however little was counted`() throws {
    let samples = [sample(0, waiting: 50), sample(10, waiting: 0, ended: 3), sample(12, waiting: 4, ended: 3)]
    #expect(try trend(samples).oldest == .init(duration: .seconds(2), isAtLeast: false))
    let uncounted = [
      sample(0, waiting: 50, ended: nil), sample(10, waiting: 0, ended: nil), sample(13, waiting: 4, ended: nil),
    ]
    #expect(try trend(uncounted).oldest == .init(duration: .seconds(3), isAtLeast: false))
    #expect(try trend(Array(uncounted.prefix(1))).oldest == nil)
  }

  @Test func `what waits is not known while the broker is away`() throws {
    let trend = try trend([sample(0, waiting: nil), sample(10, waiting: nil, ended: 20)])
    #expect(trend.rate == 2 && trend.drainsIn == nil && trend.oldest == nil)
  }
}

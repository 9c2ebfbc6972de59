internal import Glibc
internal import JSON

/// Time and CPU of this process from now on.
struct Measurement {
  private let start = ContinuousClock.now
  private let startOfCPU = Self.cpuSeconds

  /// Prints what passed since the start as one line of JSON.
  ///
  /// - Parameters:
  ///   - count: how many messages, assets or whatever the rate counts.
  ///   - more: what else was measured.
  func report(_ work: String, count: Int, more: [String: JSON] = [:]) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let cpu = Self.cpuSeconds - startOfCPU
    let measured: [String: JSON] = [
      "work": .string(work), "count": .integer(Int64(count)), "seconds": .number(seconds),
      "rate": .number(Double(count) / seconds), "cpu": .number(cpu),
      "cpuMicroseconds": .number(cpu / Double(count) * 1e6), "peakMegabytes": .number(Self.peakMegabytes),
    ]
    print(JSON.object(measured.merging(more) { $1 }).canonicalText)
    fflush(nil)
  }

  /// The most memory that the process had at a time.
  private static var peakMegabytes: Double { Double(usage.ru_maxrss) / 1024 }

  private static var usage: rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  /// CPU seconds of the process, all threads.
  private static var cpuSeconds: Double {
    let usage = usage
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}

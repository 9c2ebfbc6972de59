internal import Glibc
package import HTTPFields

extension HTTPHeaders {
  /// How long the peer asks to be left alone (`Retry-After`, RFC 9110, section 10.2.3): in seconds, or until a date, which
  /// counts from the response's own `Date` where there is one, so that no clock of ours matters.
  ///
  /// - Parameter limit: the longest time that is believed.
  /// - Returns: nil if it says nothing, or nothing that can be read.
  package func retryAfter(atMost limit: Duration) -> Duration? {
    guard let text = self["Retry-After"] else { return nil }
    let seconds: Int64
    if let delta = Int64(text) {
      seconds = delta
    } else {
      guard let date = secondsSince1970(httpDate: text) else { return nil }
      seconds = date - (self["Date"].flatMap(secondsSince1970(httpDate:)) ?? Int64(time(nil)))
    }
    return min(.seconds(max(0, seconds)), limit)
  }
}

/// The time of an HTTP date in its preferred form (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
private func secondsSince1970(httpDate text: String) -> Int64? {
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  let words = text.split(separator: " ")
  guard words.count == 6, words[0].count == 4, words[5] == "GMT", let day = Int32(words[1]), (1...31).contains(day),
    let month = months.firstIndex(of: String(words[2])), let year = Int32(words[3]), (1970...9999).contains(year)
  else { return nil }
  let clock = words[4].split(separator: ":").compactMap { Int32($0) }
  guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else {
    return nil
  }
  var parts = tm()
  (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
  (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
  return Int64(timegm(&parts))
}

import HTTPClient
import HTTPFields
import Testing

/// How long a peer asks to be left alone.
@Suite struct RetryAfterTests {
  @Test(arguments: [
    ("120", Duration.seconds(120)), ("0", .zero), ("-5", .zero), ("99999999999", .seconds(3600)),
    ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
    ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(3600)),
  ])
  func `seconds and dates are read, and bounded`(text: String, expected: Duration) {
    let headers: HTTPHeaders = ["Date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": text]
    #expect(headers.retryAfter(atMost: .seconds(3600)) == expected)
  }

  @Test(arguments: ["", "soon", "1.5", "06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 28:49:37 GMT", "1e9"])
  func `what is neither is no wish`(text: String) {
    #expect(HTTPHeaders(dictionaryLiteral: ("Retry-After", text)).retryAfter(atMost: .seconds(60)) == nil)
  }

  @Test func `without the peer's own date ours has to do`() {
    let headers: HTTPHeaders = ["Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"]
    #expect(headers.retryAfter(atMost: .seconds(60)) == .seconds(60))
  }
}

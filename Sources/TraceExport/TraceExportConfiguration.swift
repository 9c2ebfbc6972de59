package import HTTPFields

/// Where spans go, and how many may wait.
package struct TraceExportConfiguration: Sendable {
  /// Where they are posted to: `…/v1/traces`.
  package let url: String
  /// What the collector wants to see, such as a key. Never logged.
  package let headers: HTTPHeaders
  /// The name of the service whose spans they are.
  package let service: String
  /// The build.
  package let version: String
  /// The most spans that wait; what comes then is dropped.
  package var capacity = 8192
  /// The most spans of one request.
  package var batch = 512
  /// After so long a batch is sent that is not full.
  package var interval = Duration.seconds(2)
  /// How long one request may take.
  package var deadline = Duration.seconds(10)
  /// How often a batch is sent before it is dropped.
  package var attempts = 5
  /// How long what is left at the end may take.
  package var farewell = Duration.seconds(3)

  /// - Parameters:
  ///   - endpoint: as `OTEL_EXPORTER_OTLP_ENDPOINT` has it, without `/v1/traces`.
  ///   - headers: as `OTEL_EXPORTER_OTLP_HEADERS` has them: `key=value,key2=value2`, values percent-encoded.
  /// - Throws: ``InvalidTraceHeaders`` where they are not of that form; it does not tell what they are.
  package init(
    endpoint: String, headers: String? = nil, service: String, version: String
  ) throws(InvalidTraceHeaders) {
    url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
    self.headers = try Self.fields(headers ?? "")
    self.service = service
    self.version = version
  }

  private static func fields(_ text: String) throws(InvalidTraceHeaders) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for pair in text.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmed }
      guard parts.count == 2, let value = parts[1].percentDecoded else { throw InvalidTraceHeaders() }
      headers.append(String(parts[0]), value)
    }
    guard headers.firstInvalidField == nil else { throw InvalidTraceHeaders() }
    return headers
  }
}

/// The headers for the collector are not as they should be.
package struct InvalidTraceHeaders: Error, CustomStringConvertible {
  package let description =
    "the headers for traces: expected key=value,key2=value2 with percent-encoded values; came something else"
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return rest
  }

  /// Nil where a percent sign is followed by no two digits, or the bytes are no UTF-8.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

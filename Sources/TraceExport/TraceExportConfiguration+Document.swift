internal import JSON
internal import Observability

extension TraceExportConfiguration {
  /// An `ExportTraceServiceRequest` in OTLP's JSON: 64-bit numbers are strings, ids hexadecimal.
  func document(of spans: [Span]) -> JSON {
    let resource: [JSON] = [
      Self.attribute("service.name", .string(service)), Self.attribute("service.version", .string(version)),
    ]
    return [
      "resourceSpans": [
        [
          "resource": ["attributes": .array(resource)],
          "scopeSpans": [
            ["scope": ["name": "reelmill", "version": .string(version)], "spans": .array(spans.map(Self.json))]
          ],
        ]
      ]
    ]
  }

  private static func json(_ span: Span) -> JSON {
    var members: [String: JSON] = [
      "traceId": .string(span.context.traceID), "spanId": .string(span.context.spanID), "name": .string(span.name),
      "kind": .integer(Int64(span.kind.rawValue)), "startTimeUnixNano": .string("\(span.start)"),
      "endTimeUnixNano": .string("\(span.end)"),
      "attributes": .array(span.attributes.map { attribute($0.key, $0.value) }),
    ]
    if let parent = span.parent { members["parentSpanId"] = .string(parent.spanID) }
    // STATUS_CODE_ERROR
    if let failure = span.failure { members["status"] = ["code": 2, "message": .string(failure)] }
    return .object(members)
  }

  private static func attribute(_ key: String, _ value: LogValue) -> JSON {
    let typed: JSON =
      switch value {
      case .string(let text): ["stringValue": .string(text)]
      case .integer(let number): ["intValue": .string("\(number)")]
      case .decimal(let number): ["doubleValue": .number(number)]
      case .boolean(let truth): ["boolValue": .bool(truth)]
      }
    return ["key": .string(key), "value": typed]
  }
}

package import HTTPFields

/// Why a request is not answered as it was meant to be; a handler throws it.
package struct HTTPProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 400 to 599.
  package let status: Int
  /// What was expected, what came, and what to do; the client reads it.
  package let detail: String
  /// Fields beside the content's own, such as `Retry-After`.
  package var headers: HTTPHeaders

  package init(_ status: Int, _ detail: String, headers: HTTPHeaders = [:]) {
    self.status = status
    self.detail = detail
    self.headers = headers
  }

  package var description: String { "\(status): \(detail)" }

  /// As problem details (RFC 9457).
  package var response: Response {
    let body = "{\"status\":\(status),\"detail\":\"\(detail.escapedForJSON)\"}\n"
    var response = Response(status: status, headers: headers, body: .bytes(Array(body.utf8)))
    response.headers["Content-Type"] = "application/problem+json"
    return response
  }
}

extension String {
  fileprivate var escapedForJSON: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\0"..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

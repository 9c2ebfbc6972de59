package import HTTPClient
internal import JSON

/// A server that answers as OpenAI's does: whose it is does not matter.
package struct OpenAIEndpoint: Sendable {
  /// The model, as the server calls it.
  package let model: String
  /// What charges and definitions call provider and model.
  package var name: String { Self.name(ofModel: model) }

  private let url: String
  private let key: String?
  private let deadline: Duration
  private let client: HTTPClient

  /// The most bytes of an answer.
  private static let longestAnswer = 8 << 20
  /// The most bytes of an answer that a failure shows.
  private static let shownAnswer = 2000

  package static func name(ofModel model: String) -> String { "openai/\(model)" }

  /// - Parameters:
  ///   - url: where the interface begins, such as `https://provider.example/v1`.
  ///   - key: sent as a bearer token; it never appears in a failure.
  ///   - deadline: for one request with its answer.
  package init(url: String, model: String, key: String?, deadline: Duration, client: HTTPClient) {
    self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    self.model = model
    self.key = key
    self.deadline = deadline
    self.client = client
  }

  /// Posts a request and reads the answer.
  ///
  /// - Returns: the JSON of the answer; plain text as a string.
  /// - Throws: what follows from an answer that is none.
  func post(_ path: String, _ body: HTTPRequest.Body) async throws(ProviderFailure) -> JSON {
    var request = HTTPRequest("POST", url + path, body: body, deadline: deadline)
    request.headers["Accept"] = "application/json"
    if let key { request.headers["Authorization"] = "Bearer \(key)" }
    let response: HTTPResponse
    do throws(HTTPClientError) {
      response = try await client.send(request, limit: Self.longestAnswer)
    } catch {
      throw ProviderFailure(error, provider: name)
    }
    guard response.isSuccess else {
      throw ProviderFailure(
        status: response.status, headers: response.headers, body: shown(response.body), provider: name)
    }
    return try read(response)
  }

  private func read(_ response: HTTPResponse) throws(ProviderFailure) -> JSON {
    let type = (response.headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
    if type == "text/plain" { return .string(String(decoding: response.body, as: UTF8.self)) }
    do throws(JSONError) { return try JSON(parsing: response.body) } catch {
      // A page in the place of an answer comes from something in between; it says nothing about what was asked.
      let isPage = type == "text/html" || response.body.first { $0 > 0x20 } == UInt8(ascii: "<")
      throw ProviderFailure(
        isPage ? .unavailable() : .transient(), provider: name,
        isPage ? "answered with a web page; is the address right?" : "expected JSON, got something else: \(error)",
        detail: shown(response.body))
    }
  }

  /// The answer is JSON, but not what was agreed.
  func unexpected(_ what: String, in answer: JSON) -> ProviderFailure {
    ProviderFailure(
      .transient(), provider: name, "expected \(what), got something else", detail: shown(answer.canonicalBytes))
  }

  /// The beginning of an answer, without the key: some servers repeat it.
  private func shown(_ body: [UInt8]) -> String {
    var text = String(decoding: body.prefix(Self.shownAnswer), as: UTF8.self)
    if let key, !key.isEmpty { text = text.replacing(key, with: "…") }
    return text
  }
}

/// Finds the route of a request.
struct Router: Sendable {
  enum Match {
    case found(Route, parameters: [String: String])
    case wrongMethod(allowed: [String])
    case notFound
  }

  private struct Node {
    var literals: [String: Node] = [:]
    /// None or one: what follows a segment that a name stands for.
    var named: [Node] = []
    var endings: [String: Ending] = [:]
  }

  private struct Ending {
    let route: Route
    /// The names of the pattern, in order.
    let names: [String]
  }

  /// Patterns without names, which need not be taken apart.
  private var exact: [String: [String: Ending]] = [:]
  private var root = Node()

  /// - Precondition: no two routes have the same method and pattern, names apart.
  init(_ routes: [Route]) {
    for route in routes {
      let segments = route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let names = segments.filter(\.isName).map { String($0.dropFirst().dropLast()) }
      let ending = Ending(route: route, names: names)
      if names.isEmpty {
        let old = exact[route.pattern, default: [:]].updateValue(ending, forKey: route.method)
        precondition(old == nil, "two routes for \(route.method) \(route.pattern)")
      } else {
        Self.insert(ending, at: segments[...], into: &root)
      }
    }
  }

  private static func insert(_ ending: Ending, at segments: ArraySlice<String>, into node: inout Node) {
    guard let segment = segments.first else {
      let old = node.endings.updateValue(ending, forKey: ending.route.method)
      return precondition(old == nil, "two routes for \(ending.route.method) \(ending.route.pattern)")
    }
    if segment.isName {
      if node.named.isEmpty { node.named = [Node()] }
      insert(ending, at: segments.dropFirst(), into: &node.named[0])
    } else {
      insert(ending, at: segments.dropFirst(), into: &node.literals[segment, default: Node()])
    }
  }

  /// - Parameter path: as it came, percent-encoded and without the query.
  /// - Throws: ``HTTPProblem`` where the encoding is no valid one.
  func match(_ method: String, _ path: String) throws(HTTPProblem) -> Match {
    if let endings = exact[path] { return Self.choose(method, endings, values: []) }
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let text = percentDecoded(segment) else {
        throw HTTPProblem(400, "expected a path in UTF-8 with valid percent-encoding, without control characters")
      }
      segments.append(text)
    }
    var values: [String] = []
    guard let endings = Self.find(segments[...], from: root, &values) else { return .notFound }
    return Self.choose(method, endings, values: values)
  }

  private static func choose(_ method: String, _ endings: [String: Ending], values: [String]) -> Match {
    guard let ending = endings[method] ?? (method == "HEAD" ? endings["GET"] : nil) else {
      return .wrongMethod(allowed: (endings.keys + (endings["GET"] == nil ? [] : ["HEAD"])).sorted())
    }
    return .found(ending.route, parameters: Dictionary(uniqueKeysWithValues: zip(ending.names, values)))
  }

  private static func find(
    _ segments: ArraySlice<String>, from node: Node, _ values: inout [String]
  ) -> [String: Ending]? {
    guard let segment = segments.first else { return node.endings.isEmpty ? nil : node.endings }
    if let next = node.literals[segment], let found = find(segments.dropFirst(), from: next, &values) { return found }
    guard let next = node.named.first, !segment.isEmpty else { return nil }
    values.append(segment)
    if let found = find(segments.dropFirst(), from: next, &values) { return found }
    values.removeLast()
    return nil
  }
}

extension String {
  /// A segment of a pattern that a value stands for: `{id}`.
  fileprivate var isName: Bool { hasPrefix("{") && hasSuffix("}") }
}

extension ValueFormat where Value == String {
  /// Any text but the empty one.
  package static var text: Self { text(placeholder: "text") }

  /// Any text but the empty one, named in help as it is used: `<asset>`.
  package static func text(placeholder: String) -> Self {
    ValueFormat(
      placeholder: placeholder, expectation: "a text that is not empty", parse: { $0.isEmpty ? nil : $0 },
      render: { $0 })
  }

  /// The path of a file; whether it exists is not looked at.
  package static var file: Self { path(placeholder: "file", completion: .files) }

  /// The path of a folder; whether it exists is not looked at.
  package static var folder: Self { path(placeholder: "folder", completion: .folders) }

  private static func path(placeholder: String, completion: ValueCompletion) -> Self {
    ValueFormat(
      placeholder: placeholder, expectation: "the path of a \(placeholder)", completion: completion,
      parse: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }, render: { $0 })
  }

  /// One of the given names.
  package static func choice(of names: [String]) -> Self {
    ValueFormat(
      placeholder: choicePlaceholder(names), expectation: "one of \(names.joined(separator: ", "))",
      completion: .choices(names), parse: { names.contains($0) ? $0 : nil }, render: { $0 })
  }

  /// An absolute URL with one of the given schemes (lower case) and a host or a path, without white space.
  package static func url(schemes: [String]) -> Self {
    let prefixes = schemes.map { "\($0)://" }
    return ValueFormat(
      placeholder: "url", expectation: "a URL that begins with \(prefixes.joined(separator: " or "))",
      parse: { text in
        guard let prefix = prefixes.first(where: { text.hasPrefix($0) }), text.count > prefix.count else { return nil }
        return text.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F } ? nil : text
      }, render: { $0 })
  }
}

extension ValueFormat where Value: CaseIterable & RawRepresentable<String> {
  /// One of the type's cases, by raw value.
  package static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return ValueFormat(
      placeholder: choicePlaceholder(names), expectation: "one of \(names.joined(separator: ", "))",
      completion: .choices(names), parse: { Value(rawValue: $0) }, render: { $0.rawValue })
  }
}

extension ValueFormat where Value == Bool {
  /// `true` or `false`.
  package static var boolean: Self {
    ValueFormat(
      placeholder: "true|false", expectation: "true or false", completion: .choices(["true", "false"]),
      parse: { Bool($0) }, render: { $0.description })
  }
}

extension ValueFormat where Value == Int {
  /// A whole number.
  package static var integer: Self { integer(Int.min...Int.max) }

  /// A whole number of at least the lower bound.
  package static func integer(_ range: PartialRangeFrom<Int>) -> Self { integer(range.lowerBound...Int.max) }

  /// A whole number in `range`.
  package static func integer(_ range: ClosedRange<Int>) -> Self {
    let limits = limitsText(
      from: range.lowerBound == .min ? nil : "\(range.lowerBound)",
      to: range.upperBound == .max ? nil : "\(range.upperBound)")
    return ValueFormat(
      placeholder: "n", expectation: limited("a whole number", to: limits), limits: limits,
      parse: { Int($0).flatMap { range.contains($0) ? $0 : nil } }, render: { "\($0)" })
  }
}

extension ValueFormat where Value == Double {
  /// A finite decimal number of at least the lower bound: `12.50`.
  package static func decimal(_ range: PartialRangeFrom<Double>) -> Self {
    decimal(range.lowerBound...Double.greatestFiniteMagnitude)
  }

  /// A finite decimal number in `range`.
  package static func decimal(_ range: ClosedRange<Double>) -> Self {
    let isOpen = range.upperBound == .greatestFiniteMagnitude
    let limits = limitsText(from: "\(range.lowerBound)", to: isOpen ? nil : "\(range.upperBound)")
    return ValueFormat(
      placeholder: "number", expectation: limited("a decimal number", to: limits), limits: limits,
      parse: { text in
        // Double(_:) also takes "nan", "infinity" and hexadecimal notation.
        guard text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { range.contains($0) ? $0 : nil }
      }, render: { "\($0)" })
  }
}

extension ValueFormat {
  /// Values separated by commas, white space around them ignored; their texts cannot contain commas.
  ///
  /// The empty list is the empty text.
  package static func list<Element>(of element: ValueFormat<Element>) -> Self where Value == [Element] {
    ValueFormat(
      placeholder: "\(element.placeholder),…",
      expectation: "a list separated by commas, each item \(element.expectation)", limits: element.limits,
      completion: element.completion,
      parse: { text in
        if text.isEmpty { return [] }
        var values: [Element] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
          guard let value = element.parse(item.trimmed) else { return nil }
          values.append(value)
        }
        return values
      }, render: { $0.map(element.render).joined(separator: ",") })
  }
}

/// The choices themselves if they are short, so that help shows them.
private func choicePlaceholder(_ names: [String]) -> String {
  let joined = names.joined(separator: "|")
  return joined.count <= 24 ? joined : "name"
}

func limitsText(from lower: String?, to upper: String?) -> String? {
  switch (lower, upper) {
  case (let lower?, let upper?): "\(lower) to \(upper)"
  case (let lower?, nil): "at least \(lower)"
  case (nil, let upper?): "at most \(upper)"
  case (nil, nil): nil
  }
}

func limited(_ kind: String, to limits: String?) -> String { limits.map { "\(kind), \($0)" } ?? kind }

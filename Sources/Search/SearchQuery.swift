package import Pipeline

/// What somebody looks for: words, `"phrases in quotes"`, and what must not occur (`-word`, `-"a phrase"`).
///
/// All words must occur in a passage for it to be found by its words. To be found by its meaning, it must contain the
/// phrases and nothing that is excluded. Case, inflection, compatibility forms and stop words are the database's
/// matter, because they follow from each passage's language.
package struct SearchQuery: Sendable, Equatable {
  enum Term: Sendable, Equatable {
    case word(String)
    case phrase(String)
    /// A word or a phrase.
    case excluded(String)
  }

  /// The longest query, in bytes of UTF-8.
  package static let maximumLength = 1000
  package static let limits = 1...100

  let terms: [Term]
  /// Only assets of these types, where a part counts as itself and as what it is part of; empty for all.
  package let mediaTypes: Set<MediaType>
  /// The most hits.
  package let limit: Int

  /// - Throws: what is wrong with the query, for whoever typed it.
  package init(
    _ text: String, mediaTypes: Set<MediaType> = [], limit: Int = 20
  ) throws(InvalidSearchQuery) {
    guard text.utf8.count <= Self.maximumLength else { throw .tooLong(bytes: text.utf8.count) }
    guard Self.limits.contains(limit) else { throw .limitOutOfRange(limit) }
    var reader = SearchQueryReader(text)
    terms = reader.terms()
    self.mediaTypes = mediaTypes
    self.limit = limit
    if terms.isEmpty { throw .noWords }
    if meaning.isEmpty { throw .onlyExclusions }
  }

  /// What to make the query's vector of: everything that is looked for, as it was typed.
  package var meaning: String {
    terms.compactMap { term in
      switch term {
      case .word(let text), .phrase(let text): text
      case .excluded: nil
      }
    }.joined(separator: " ")
  }
}

extension SearchQuery {
  // For PostgreSQL's websearch_to_tsquery. Each term stands in quotes, where that knows no operators; no term contains
  // a quote. In lower case, because whether the database knows letters beyond ASCII depends on its locale.

  /// What must occur.
  var positive: String { joined { if case .excluded = $0 { false } else { true } } }

  /// Any of what must occur.
  var anyWord: String { joined(by: " or ") { if case .excluded = $0 { false } else { true } } }

  /// What also holds for passages that are found by their meaning.
  var demands: String { joined { if case .word = $0 { false } else { true } } }

  private func joined(by separator: String = " ", where isIncluded: (Term) -> Bool) -> String {
    terms.filter(isIncluded).map { term in
      switch term {
      case .word(let text), .phrase(let text): "\"\(text)\""
      case .excluded(let text): "-\"\(text)\""
      }
    }.joined(separator: separator).lowercased()
  }
}

/// Why a text is no query.
package enum InvalidSearchQuery: Error, Equatable, CustomStringConvertible {
  case noWords
  case onlyExclusions
  case tooLong(bytes: Int)
  case limitOutOfRange(Int)

  package var description: String {
    switch self {
    case .noWords: "the query has no words: give at least one, such as `harbour` or `\"city council\"`"
    case .onlyExclusions: "the query only says what to leave out: add a word that is looked for"
    case .tooLong(let bytes):
      "the query has \(bytes) bytes, and \(SearchQuery.maximumLength) is the most: look for fewer words"
    case .limitOutOfRange(let limit):
      "the limit of hits is \(limit): expected \(SearchQuery.limits.lowerBound) to \(SearchQuery.limits.upperBound)"
    }
  }
}

internal import Documents
internal import Pipeline

/// Gathers what an asset says, and makes passages of it once its language is known.
struct PassagePieces {
  private struct Piece {
    let modality: PassageSet.Modality
    let text: String
    var span: TimeSpan?
    var section: String?
  }

  /// Recognised text that is less certain is noise more often than not.
  private static let textConfidence = 0.6
  /// Labels that are less certain mislead.
  private static let labelConfidence = 0.3

  private let cutter = PassageCutter()
  private var pieces: [Piece] = []
  /// What the content itself says of its language.
  private var declaredLanguage: TextLanguage?

  /// The passages, in the order they were added.
  func passages() -> [PassageSet.Passage] {
    let language = declaredLanguage ?? LanguageGuess.language(of: pieces.map(\.text).joined(separator: "\n"))
    return pieces.map { piece in
      PassageSet.Passage(
        modality: piece.modality, text: piece.text, start: piece.span.map { Int64($0.start) },
        end: piece.span.map { Int64($0.end) }, section: piece.section, language: language.rawValue)
    }
  }

  mutating func add(title: String?) {
    if let title { add([title], as: .title) }
  }

  /// A text; its own title counts where nobody gave one.
  mutating func add(_ document: Document) {
    if pieces.isEmpty { add(title: document.title) }
    for passage in cutter.passages(of: document) {
      let headings = passage.headings.joined(separator: " › ")
      pieces.append(Piece(modality: .text, text: passage.text, section: headings.isEmpty ? nil : headings))
    }
  }

  mutating func add(_ transcript: Transcript?) {
    guard let transcript else { return }
    declaredLanguage = transcript.language.flatMap(TextLanguage.init(tag:))
    for passage in cutter.passages(of: transcript.segments.compactMap(TimedText.init)) {
      guard case .timeSpan(let span) = passage.place else { continue }
      pieces.append(Piece(modality: .speech, text: passage.text, span: span))
    }
  }

  mutating func add(_ labels: Labels?) {
    guard let labels else { return }
    add(labels.texts.filter { $0.confidence >= Self.textConfidence }.map(\.text), as: .onScreen)
    if let description = labels.description { add([description], as: .visual) }
    let names = labels.labels.filter { $0.confidence >= Self.labelConfidence }.map(\.name)
    add([names.joined(separator: ", ")], as: .visual)
  }

  mutating func add(manualLabels: [String]) { add([manualLabels.joined(separator: ", ")], as: .visual) }

  /// Lines that belong together: one passage, unless they are very long. Lines without a letter or a digit are noise.
  private mutating func add(_ lines: [String], as modality: PassageSet.Modality) {
    let blocks = lines.map(\.inOneLine).filter(\.saysSomething).map { Block(kind: .listItem, text: $0) }
    for passage in cutter.passages(of: Document(title: nil, blocks: blocks)) {
      pieces.append(Piece(modality: modality, text: passage.text))
    }
  }
}

extension TimedText {
  /// A segment; nil where its time cannot be.
  fileprivate init?(_ segment: Transcript.Segment) {
    guard let span = TimeSpan(segment.start, segment.end) else { return nil }
    let words = (segment.words ?? []).compactMap { word in
      TimeSpan(word.start, word.end).map { Word(span: $0, text: word.text.inOneLine) }
    }
    self.init(span: span, text: segment.text.inOneLine, words: words)
  }
}

extension TimeSpan {
  fileprivate init?(_ start: Int64, _ end: Int64) { self.init(start: Int(start), end: Int(end)) }
}

extension String {
  /// The text without control characters, NUL among them, which a database refuses, and with single spaces.
  fileprivate var inOneLine: String {
    unicodeScalars.split { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
      .map { String($0) }.joined(separator: " ")
  }

  fileprivate var saysSomething: Bool {
    unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
  }
}

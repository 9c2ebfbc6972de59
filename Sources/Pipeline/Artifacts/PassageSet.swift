/// The searchable pieces of an asset: the value of `passages`.
package struct PassageSet: ArtifactValue {
  package enum Modality: String, Codable, Sendable, CaseIterable {
    case speech
    case onScreen = "on-screen"
    case visual
    case text
    case title
  }

  package struct Passage: ArtifactValue {
    package var modality: Modality
    package var text: String
    /// Milliseconds from the start of the asset; nil where there is no time.
    package var start: Int64?
    package var end: Int64?
    /// The headings it stands under, outermost first, joined by ` › `.
    package var section: String?
    /// The full-text configuration of PostgreSQL that fits, such as `english` or `simple`.
    package var language: String

    package init(
      modality: Modality, text: String, start: Int64? = nil, end: Int64? = nil, section: String? = nil,
      language: String
    ) {
      self.modality = modality
      self.text = text
      self.start = start
      self.end = end
      self.section = section
      self.language = language
    }
  }

  package var passages: [Passage]

  package init(passages: [Passage]) { self.passages = passages }
}

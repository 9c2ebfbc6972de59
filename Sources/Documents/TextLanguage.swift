/// The languages that PostgreSQL brings full-text configurations for and that can be told from a text; the raw values
/// are the names of the configurations.
package enum TextLanguage: String, Hashable, Sendable, CaseIterable {
  case arabic, armenian, catalan, danish, dutch, english, finnish, french, german, greek, hindi, hungarian, indonesian
  case italian, norwegian, portuguese, romanian, russian, serbian, spanish, swedish, tamil, turkish, yiddish
  /// No language, or none that is known well enough: words are taken as they are.
  case simple
}

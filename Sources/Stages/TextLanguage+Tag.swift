internal import Documents

extension TextLanguage {
  /// The language of a BCP 47 tag such as `en-GB`, by ISO 639's codes of two or three letters; nil for one that there
  /// is no full-text configuration for.
  init?(tag: String) {
    let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
    guard let language = Self.codes[primary] else { return nil }
    self = language
  }

  private static let codes: [String: TextLanguage] = [
    "ar": .arabic, "ara": .arabic, "hy": .armenian, "hye": .armenian, "ca": .catalan, "cat": .catalan,
    "da": .danish, "dan": .danish, "nl": .dutch, "nld": .dutch, "en": .english, "eng": .english,
    "fi": .finnish, "fin": .finnish, "fr": .french, "fra": .french, "de": .german, "deu": .german,
    "el": .greek, "ell": .greek, "hi": .hindi, "hin": .hindi, "hu": .hungarian, "hun": .hungarian,
    "id": .indonesian, "ind": .indonesian, "it": .italian, "ita": .italian, "no": .norwegian, "nor": .norwegian,
    "nb": .norwegian, "nob": .norwegian, "nn": .norwegian, "nno": .norwegian, "pt": .portuguese,
    "por": .portuguese, "ro": .romanian, "ron": .romanian, "ru": .russian, "rus": .russian, "sr": .serbian,
    "srp": .serbian, "es": .spanish, "spa": .spanish, "sv": .swedish, "swe": .swedish, "ta": .tamil,
    "tam": .tamil, "tr": .turkish, "tur": .turkish, "yi": .yiddish, "yid": .yiddish,
  ]
}

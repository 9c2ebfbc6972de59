/// Languages as media files name them.
package enum LanguageTag {
  /// The shortest BCP 47 tag of a language that is named by ISO 639-2, in either of its ways (`ger` and `deu`), or by
  /// BCP 47; what is not known stays as it is, in lower case.
  package static func shortest(_ name: String) -> String {
    let lowered = name.lowercased()
    return twoLetters[lowered] ?? lowered
  }

  private static let twoLetters = [
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de",
    "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro",
    "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv",
    "tam": "ta", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "yid": "yi", "zho": "zh",
  ]
}

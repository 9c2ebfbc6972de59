/// Short forms that keep their full stop in the middle of a sentence, in lower case and without it.
///
/// Only those are here that hardly ever end one: “etc.” before a capital is left to end its sentence.
enum Abbreviations {
  /// Titles and the like, which something belonging to them follows.
  static let beforeNames: Set<String> = [
    // English
    "mr", "mrs", "ms", "dr", "prof", "st", "mt", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "sen", "rep", "gov",
    "pres", "jr", "messrs", "vs", "viz", "cf", "approx", "dept", "est", "govt",
    // German
    "hr", "fr", "frl", "nr", "bzw", "ca", "vgl", "evtl", "ggf", "inkl", "exkl", "sog", "bspw", "dipl", "ing", "abs",
    // French, Spanish, Italian, Portuguese
    "mm", "mme", "mlle", "mgr", "sr", "sra", "srta", "dra", "ud", "uds", "sig", "dott", "ing", "av", "avda", "exmo",
    // Dutch and Nordic
    "dhr", "mevr", "bijv", "bl.a", "t.ex", "f.eks", "ifht", "resp",
    // Russian
    "им", "ул", "т.е", "т.к",
  ]

  /// Before a number they are short for something; elsewhere they end a sentence.
  static let beforeNumbers: Set<String> = [
    "no", "nos", "fig", "figs", "eq", "vol", "pp", "sec", "ch", "art", "para", "abb", "kap", "bd", "tab", "núm", "pág",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "стр", "рис",
  ]

  /// Months that an ordinal with a full stop stands before: “am 3. Mai”.
  static let months: Set<String> = [
    "januar", "jänner", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "dezember", "desember", "december", "januari", "februari", "marts", "maj", "oktober",
  ]
}

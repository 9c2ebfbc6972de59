/// What the elements of HTML mean to a reader of text.
enum HTMLElements {
  /// Elements without content, which no end tag closes (§13.1.2).
  static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]

  /// Elements whose content nobody sees, or that is no text of the page.
  static let hidden: Set<String> = [
    "script", "style", "template", "noscript", "iframe", "noembed", "noframes", "textarea", "xmp", "datalist", "svg",
    "canvas", "audio", "video", "object",
  ]

  /// Elements that stand in lines of their own.
  static let block: Set<String> = [
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre",
    "search", "section", "select", "summary", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
  ]

  /// Which open element a start tag closes by itself, and which elements keep it from looking further.
  static let impliedEnds: [String: (closes: Set<String>, barriers: Set<String>)] = {
    let tables: Set<String> = ["table"]
    return [
      "li": (["li"], ["ul", "ol", "menu"]),
      "dt": (["dt", "dd"], ["dl"]),
      "dd": (["dt", "dd"], ["dl"]),
      "option": (["option"], ["select", "datalist"]),
      "td": (["td", "th"], tables),
      "th": (["td", "th"], tables),
      "tr": (["tr"], tables),
      "tbody": (["thead", "tbody", "tfoot"], tables),
      "tfoot": (["thead", "tbody", "tfoot"], tables),
    ]
  }()

  /// Whether the content is text without tags (raw text and escapable raw text, §13.1.2).
  static func holdsText(_ name: String) -> Bool {
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"].contains(name)
  }

  /// What the text in an element is, if the element says so.
  static func kind(of name: String) -> Block.Kind? {
    switch name {
    case "h1": .heading(level: 1)
    case "h2": .heading(level: 2)
    case "h3": .heading(level: 3)
    case "h4": .heading(level: 4)
    case "h5": .heading(level: 5)
    case "h6": .heading(level: 6)
    case "li", "dt", "dd": .listItem
    case "blockquote": .quote
    case "pre": .code
    case "tr": .tableRow
    case "table", "caption", "body": .paragraph
    default: nil
    }
  }
}

/// What ends a block of HTML in Markdown (CommonMark §4.6).
enum HTMLBlockEnd: Hashable {
  /// A line that holds this, in lower case.
  case marker(String)
  /// An empty line. A block that is no known block element but a lone tag does not interrupt a paragraph.
  case emptyLine(mayInterrupt: Bool)

  var mayInterrupt: Bool { self != .emptyLine(mayInterrupt: false) }

  /// The end of the block that begins with this line; `nil` if none does.
  init?(start line: ArraySlice<UInt8>) {
    guard line.first == UInt8(ascii: "<") else { return nil }
    let rest = line.dropFirst()
    if rest.starts(with: "!--".utf8) {
      self = .marker("-->")
    } else if rest.first == UInt8(ascii: "?") {
      self = .marker("?>")
    } else if rest.first == UInt8(ascii: "!") {
      self = .marker(">")
    } else {
      let isEnd = rest.first == UInt8(ascii: "/")
      let name = String(
        decoding: rest.dropFirst(isEnd ? 1 : 0).prefix(24).prefix { $0.isLetter || $0.isDigit }.map(\.lowercased),
        as: UTF8.self)
      if name.isEmpty { return nil }
      if !isEnd, ["script", "style", "pre", "textarea"].contains(name) {
        self = .marker("</\(name)>")
      } else if HTMLElements.block.contains(name) {
        self = .emptyLine(mayInterrupt: true)
      } else {
        let close = line.firstIndex(of: UInt8(ascii: ">"))
        guard let close, line[(close + 1)...].allSatisfy(\.isWhiteSpace),
          !line.contains(UInt8(ascii: ":")) || isEnd
            || line.contains(UInt8(ascii: "="))
        else { return nil }
        self = .emptyLine(mayInterrupt: false)
      }
    }
  }

  func isMet(by line: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .marker(let marker): line.map(\.lowercased).firstRange(of: Array(marker.utf8)) != nil
    case .emptyLine: line.isEmpty
    }
  }
}

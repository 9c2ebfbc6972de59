/// The blocks that follow each other under the same headings.
struct BlockSection {
  let path: [String]
  var blocks: [Block] = []

  /// The sections in order. A heading with nothing under it becomes the block of a section.
  static func sections(of blocks: [Block]) -> [BlockSection] {
    var sections: [BlockSection] = []
    var pending: (block: Block, level: Int)?
    for block in blocks {
      if case .heading(let level) = block.kind {
        if let heading = pending, heading.level >= level { sections.append(empty(heading.block)) }
        pending = (block, level)
      } else {
        let follows = pending == nil && sections.last?.path == block.headings
        if !follows { sections.append(BlockSection(path: block.headings)) }
        sections[sections.count - 1].blocks.append(block)
        pending = nil
      }
    }
    if let heading = pending { sections.append(empty(heading.block)) }
    return sections
  }

  private static func empty(_ heading: Block) -> BlockSection {
    BlockSection(path: heading.headings, blocks: [heading])
  }

  func units() -> [PassageUnit] {
    var units: [PassageUnit] = []
    for (index, block) in blocks.enumerated() {
      units += Self.units(of: block)
      let next = index + 1 < blocks.count ? blocks[index + 1].kind : nil
      guard let last = units.popLast() else { continue }
      let sameList = next == block.kind && (block.kind == .listItem || block.kind == .tableRow)
      units.append(last.followed(by: next == nil ? "" : sameList ? "\n" : "\n\n"))
    }
    return units
  }

  /// The sentences of a block; the lines of code.
  private static func units(of block: Block) -> [PassageUnit] {
    let isCode = block.kind == .code
    let sentences =
      isCode ? block.text.split(separator: "\n", omittingEmptySubsequences: true) : Sentences.split(block.text)
    var units: [PassageUnit] = []
    for sentence in sentences {
      let tooLong = sentence.unicodeScalars.count > PassageUnit.limit - 2
      let pieces = tooLong ? LongText.pieces(of: sentence) : [(sentence, false)]
      for (index, piece) in pieces.enumerated() {
        let isLast = index == pieces.count - 1
        let spaced =
          isLast ? sentence.endIndex < block.text.endIndex && !block.text.touches(sentence.endIndex) : piece.spaced
        units.append(
          PassageUnit(
            text: piece.text, separator: isLast && isCode ? "\n" : spaced ? " " : "", startsParagraph: units.isEmpty))
      }
    }
    return units
  }
}

extension String {
  /// Whether what stands at an index is no white space.
  fileprivate func touches(_ index: Index) -> Bool { !unicodeScalars[index].isBlank }
}

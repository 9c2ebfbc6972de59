/// One SQL statement with its parameters.
///
/// Written as a literal; what is interpolated becomes a bound parameter, never text:
///
///     let statement: SQL = "select title from asset where id = \(id)"
///
/// Raw text needs the word for it: `\(unescaped: text)`. Names of tables and columns are quoted by
/// `\(identifier: name)`, and a statement inside another keeps its parameters.
package struct SQL: Sendable {
  /// The text between the parameters: always one more than there are parameters.
  var pieces: [String]
  var binds: Binds

  /// Makes a statement of raw text. Nothing in it is escaped, so it must not come from outside.
  package init(unescaped text: String) {
    pieces = [text]
    binds = Binds()
  }

  /// The text as the server sees it, with `$1`, `$2`, … for the parameters.
  package var text: String {
    var text = pieces[0]
    for index in 1..<max(pieces.count, 1) {
      text += "$\(index)"
      text += pieces[index]
    }
    return text
  }

  /// Adds a statement's text and parameters to the end of another's.
  package static func += (left: inout SQL, right: SQL) {
    left.pieces[left.pieces.count - 1] += right.pieces[0]
    left.pieces += right.pieces.dropFirst()
    left.binds.append(right.binds)
  }

  /// Joins two statements.
  package static func + (left: SQL, right: SQL) -> SQL {
    var joined = left
    joined += right
    return joined
  }
}

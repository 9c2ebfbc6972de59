/// A start or end tag, with those of its attributes that decide what is visible.
struct HTMLTag {
  var name = ""
  var isEnd = false
  /// `hidden`, or a style that does not display it.
  var isHidden = false
  var alternativeText: String?
}

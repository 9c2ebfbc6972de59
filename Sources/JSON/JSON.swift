/// A JSON value.
package enum JSON: Sendable {
  case null
}

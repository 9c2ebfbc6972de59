internal import CPostgreSQL

/// libpq, as it was found at run time.
package enum PostgresLibrary {
  /// Its version, such as `15.14`.
  package static var version: String {
    let number = PQlibVersion()
    return "\(number / 10_000).\(number % 10_000)"
  }
}

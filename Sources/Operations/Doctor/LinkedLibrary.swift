internal import AMQP
internal import HTTPClient
internal import PostgreSQL

/// A C library that this program was linked to.
package struct LinkedLibrary: Sendable {
  package let name: String
  /// The Debian package that brings it.
  let package: String
  let version: String
  let minimum: SoftwareVersion

  package init(name: String, package: String, version: String, minimum: SoftwareVersion) {
    self.name = name
    self.package = package
    self.version = version
    self.minimum = minimum
  }

  /// Every library that speaks with a service.
  package static var all: [LinkedLibrary] {
    [
      LinkedLibrary(
        name: "librabbitmq", package: "librabbitmq4", version: AMQPLibrary.version, minimum: SoftwareVersion(0, 11)),
      LinkedLibrary(name: "libpq", package: "libpq5", version: PostgresLibrary.version, minimum: SoftwareVersion(15)),
      LinkedLibrary(
        name: "libcurl", package: "libcurl4", version: HTTPLibrary.version, minimum: SoftwareVersion(7, 85)),
    ]
  }

  /// The check that follows from it.
  package func judge() -> Check {
    guard let found = SoftwareVersion(in: version) else { return .skip(name, "says its version as `\(version)`") }
    guard found >= minimum else {
      return .fail(
        name, "\(found); expected \(minimum) or later", fix: "apt-get install \(package), from Debian 12 or later")
    }
    return .pass(name, "\(found)")
  }
}

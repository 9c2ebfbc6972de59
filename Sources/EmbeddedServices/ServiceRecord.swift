internal import FoundationEssentials
internal import Glibc

/// What is kept about the services between two starts, in `services.json` of the data folder.
package struct ServiceRecord: Codable, Sendable {
  package struct Ports: Codable, Sendable {
    package var amqp: UInt16
    package var distribution: UInt16
    package var epmd: UInt16
    package var prometheus: UInt16
    package var management: UInt16
    package var database: UInt16

    /// Whether nobody listens on any of them.
    var areFree: Bool {
      [amqp, distribution, epmd, prometheus, management, database].allSatisfy { LoopbackPort.isFree($0) }
    }
  }

  package var ports: Ports?
  /// Of the account `reelmill`, in the broker and in the database.
  package var password = ServiceRecord.secret()
  /// What Erlang nodes know each other by.
  package var cookie = ServiceRecord.secret()
  /// Where the database is: in the data folder, unless the account that runs it cannot get there.
  var databaseFolder: String?
  /// The guardians of the services as they were last started.
  var guardians: [String: ProcessIdentity] = [:]

  package init() {}

  /// Reads the record; a fresh one if there is none.
  static func read(from path: String) throws(EmbeddedServiceError) -> ServiceRecord {
    guard let data = FileManager.default.contents(atPath: path) else { return ServiceRecord() }
    do {
      return try JSONDecoder().decode(ServiceRecord.self, from: data)
    } catch {
      throw .folderUnusable(
        path: path,
        reason: "not a record of embedded services (\(error)); restore it, or remove the folder to start anew")
    }
  }

  /// Replaces the record, readable by its owner only.
  func write(to path: String) throws(EmbeddedServiceError) {
    do {
      try PrivateFile.write(JSONEncoder().encode(self), to: path)
    } catch {
      throw .folderUnusable(path: path, reason: "\(error)")
    }
  }

  /// Keeps the recorded ports that are still free and chooses others for the rest.
  package mutating func settlePorts() {
    let old = ports
    var taken: Set<UInt16> = []
    func settle(_ preferred: UInt16?) -> UInt16 {
      let port = LoopbackPort.choose(preferring: preferred, avoiding: taken)
      taken.insert(port)
      return port
    }
    ports = Ports(
      amqp: settle(old?.amqp), distribution: settle(old?.distribution), epmd: settle(old?.epmd),
      prometheus: settle(old?.prometheus), management: settle(old?.management), database: settle(old?.database))
  }

  /// 32 letters and digits, 160 bits from the system's generator.
  private static func secret() -> String {
    let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
    return String((0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}

/// Files that only their owner may read.
enum PrivateFile {
  static func write(_ data: Data, to path: String) throws {
    let temporary = "\(path).new"
    try? FileManager.default.removeItem(atPath: temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Errno(errno) }
    defer { close(descriptor) }
    let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard written == data.count, fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Errno(errno) }
  }
}

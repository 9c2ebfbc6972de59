/// Judges blobs in files when workers run on other machines.
package struct SharedFiles: Sendable {
  let host: String
  let workerHosts: [String]

  package init(host: String, workerHosts: [String]) {
    self.host = host
    self.workerHosts = workerHosts
  }

  /// The check that follows from it.
  package func judge() -> Check {
    let others = workerHosts.filter { $0 != host }
    guard !others.isEmpty else { return .pass("shared blobs", "all workers are on this machine") }
    return .warn(
      "shared blobs", "blobs are files of this machine, but \(others.joined(separator: ", ")) work as well",
      fix: "mount one folder on all machines, or keep blobs in S3")
  }
}

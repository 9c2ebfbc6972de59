internal import Glibc

/// The path of a program.
///
/// - Parameters:
///   - name: looked for in `searchPath`; a name with a slash is a path already.
///   - searchPath: folders separated by colons; our own `PATH` if nil.
/// - Returns: nil if no executable file of that name is there.
package func findExecutable(_ name: String, searchPath: String? = nil) -> String? {
  if name.utf8.contains(UInt8(ascii: "/")) { return isExecutableFile(name) ? name : nil }
  guard !name.isEmpty else { return nil }
  let folders = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  for folder in folders.split(separator: ":") where folder.hasPrefix("/") {
    let path = "\(folder)/\(name)"
    if isExecutableFile(path) { return path }
  }
  return nil
}

private func isExecutableFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
}

internal import Glibc

/// An unprivileged account that a service runs as when we are root.
package struct ServiceAccount: Sendable {
  let user: uid_t
  let group: gid_t

  /// The account for the database, which refuses to run as root: `postgres` if there is one, else `nobody`; nil if we
  /// are not root and need none.
  package static var forDatabase: ServiceAccount? {
    guard geteuid() == 0 else { return nil }
    for name in ["postgres", "nobody"] {
      // The entry belongs to the C library; its numbers are copied before anyone else can ask.
      if let entry = getpwnam(name) { return ServiceAccount(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid) }
    }
    return ServiceAccount(user: 65534, group: 65534)
  }

  /// What to put before a command so that it runs as this account.
  package var prefix: [String] {
    ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--"]
  }

  /// Whether the account may enter the folder and each folder above it.
  package func canReach(_ folder: String) -> Bool {
    var path = ""
    return (["/"] + folder.split(separator: "/").map(String.init)).allSatisfy { part in
      path = part == "/" ? "/" : path + (path == "/" ? "" : "/") + part
      var status = stat()
      guard stat(path, &status) == 0 else { return false }
      let needed = status.st_uid == user ? S_IXUSR : status.st_gid == group ? S_IXGRP : S_IXOTH
      return status.st_mode & mode_t(needed) != 0
    }
  }
}

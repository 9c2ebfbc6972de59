internal import CCurl

/// libcurl, as it was found at run time.
package enum HTTPLibrary {
  /// Its version, such as `7.88.1`.
  package static var version: String {
    // "libcurl/7.88.1 OpenSSL/3.0.17 …"
    let text = String(cString: curl_version())
    return String(text.drop { $0 != "/" }.dropFirst().prefix { $0 != " " })
  }
}

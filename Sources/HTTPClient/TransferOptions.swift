internal import CCurl
internal import Glibc
internal import HTTPFields

/// What a curl handle was told, and the memory and descriptors that it uses meanwhile.
final class TransferOptions {
  private let easy: UnsafeMutableRawPointer
  private let url: String
  /// Owned; curl writes the text of an error there.
  private let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// Owned; curl reads it while the transfer runs.
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// Owned; curl reads it while the transfer runs.
  private var form: OpaquePointer?
  /// Owned; the file that is sent.
  private var uploadDescriptor: Int32 = -1

  /// Tells the transfer's handle all that its request says.
  init(_ transfer: Transfer) throws(HTTPClientError) {
    easy = transfer.easy
    url = transfer.request.url
    errorBuffer.initialize(to: 0)
    try setLimits(transfer)
    try setRequest(transfer.request)
    try setBody(transfer.request)
    setCallbacks(transfer)
  }

  deinit {
    curl_mime_free(form)
    curl_slist_free_all(headerList)
    if uploadDescriptor >= 0 { close(uploadDescriptor) }
    errorBuffer.deallocate()
  }

  func errorText(of code: CURLcode) -> String {
    let text = String(cString: errorBuffer)
    return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
  }

  private func setLimits(_ transfer: Transfer) throws(HTTPClientError) {
    let request = transfer.request
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, request.maximumRedirects > 0 ? 1 : 0)
    try set(CURLOPT_MAXREDIRS, request.maximumRedirects)
    try set(CURLOPT_CONNECTTIMEOUT_MS, transfer.configuration.connectTimeout.wholeMilliseconds)
    try set(CURLOPT_TIMEOUT_MS, request.deadline.wholeMilliseconds)
    try check(ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, transfer.limit))
    if let speed = request.minimumSpeed {
      try set(CURLOPT_LOW_SPEED_LIMIT, speed.bytesPerSecond)
      try set(CURLOPT_LOW_SPEED_TIME, max(1, Int(speed.duration.components.seconds)))
    }
    if !transfer.configuration.usesProxyFromEnvironment { try set(CURLOPT_PROXY, "") }
    if let userAgent = transfer.configuration.userAgent { try set(CURLOPT_USERAGENT, userAgent) }
  }

  private func setRequest(_ request: HTTPRequest) throws(HTTPClientError) {
    let scheme = request.url.prefix { $0 != ":" }.lowercased()
    guard scheme == "http" || scheme == "https" else { throw invalid("expected an http or https URL") }
    guard !request.url.utf8.contains(0) else { throw invalid("the URL holds a NUL") }
    guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenCharacter) else {
      throw invalid("'\(request.method)' is no method")
    }
    var headers = request.headers
    if let contentType = request.body.contentType { headers["Content-Type"] = contentType }
    if let field = headers.firstInvalidField {
      throw invalid("the header field '\(field.name)' has characters that HTTP does not allow")
    }
    try set(CURLOPT_URL, request.url)
    for field in headers.fields {
      // Curl takes "Name:" as an order to leave the field out, and "Name;" for an empty one.
      addHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    // Peers that do not know it would cost a second's wait.
    addHeader("Expect:")
    switch (request.method, request.body) {
    case ("GET", .none): try set(CURLOPT_HTTPGET, 1)
    case ("HEAD", .none): try set(CURLOPT_NOBODY, 1)
    default: try set(CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func setBody(_ request: HTTPRequest) throws(HTTPClientError) {
    switch request.body {
    case .none:
      // Of these, peers expect a length also for no content.
      if ["POST", "PUT", "PATCH"].contains(request.method) {
        try setContent([])
        addHeader("Content-Type:")
      }
    case .bytes(let bytes, _): try setContent(bytes)
    case .file(let path, _): try setUpload(path: path)
    case .form(let parts): try setForm(parts)
    }
    try check(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList))
  }

  private func setContent(_ bytes: [UInt8]) throws(HTTPClientError) {
    try check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, bytes.count))
    // Curl makes a copy, so the pointer does not leave this scope. It refuses a null pointer for no bytes.
    let status = (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { buffer in
      ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: buffer.baseAddress))
    }
    try check(status)
  }

  private func setUpload(path: String) throws(HTTPClientError) {
    uploadDescriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard uploadDescriptor >= 0, fstat(uploadDescriptor, &status) == 0 else {
      throw invalid("cannot read \(path) to send it: \(String(cString: strerror(errno)))")
    }
    try set(CURLOPT_UPLOAD, 1)
    try check(ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, Int(status.st_size)))
    // The descriptor itself travels as the callbacks' context.
    let context = UnsafeMutableRawPointer(bitPattern: Int(uploadDescriptor))
    try check(ccurl_set_pointer(easy, CURLOPT_READDATA, context))
    try check(ccurl_set_pointer(easy, CURLOPT_SEEKDATA, context))
    let readStatus = ccurl_set_data_function(easy, CURLOPT_READFUNCTION) { data, size, count, context in
      let result = read(Int32(Int(bitPattern: context)), data, size * count)
      return result < 0 ? ccurl_read_abort : result
    }
    try check(readStatus)
    let seekStatus = ccurl_set_seek_function(easy) { context, offset, origin in
      lseek(Int32(Int(bitPattern: context)), offset, origin) < 0 ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK
    }
    try check(seekStatus)
  }

  private func setForm(_ parts: [HTTPRequest.FormPart]) throws(HTTPClientError) {
    form = curl_mime_init(easy)
    for part in parts {
      let handle = curl_mime_addpart(form)
      try check(curl_mime_name(handle, part.name))
      switch part.content {
      case .text(let text):
        try check(curl_mime_data(handle, text, text.utf8.count))
      case .file(let path, let name, let contentType):
        guard access(path, R_OK) == 0 else {
          throw invalid("cannot read \(path) to send it: \(String(cString: strerror(errno)))")
        }
        // Curl opens the file itself and reads it piece by piece.
        try check(curl_mime_filedata(handle, path))
        try check(curl_mime_filename(handle, name))
        try check(curl_mime_type(handle, contentType))
      }
    }
    try check(ccurl_set_pointer(easy, CURLOPT_MIMEPOST, form.map(UnsafeMutableRawPointer.init)))
  }

  /// The loop keeps the transfer while curl may call back, so the handle does not need to.
  private func setCallbacks(_ transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorBuffer)
    _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
    _ = ccurl_set_open_socket_function(easy) { context, _, address in
      guard let context, let address else { return ccurl_no_socket }
      guard Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().mayConnect(to: address) else {
        return ccurl_no_socket
      }
      // Curl owns the socket from here on.
      let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
      return socket(address.pointee.family, type, address.pointee.protocol)
    }
    _ = ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let context else { return ccurl_write_error }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.receive(UnsafeRawBufferPointer(start: data, count: size * count))
    }
    _ = ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION) { _, size, count, context in
      guard let context else { return ccurl_write_error }
      return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveHeader(byteCount: size * count)
    }
  }

  private func addHeader(_ line: String) {
    // The list's head moves on; curl copies the line.
    headerList = curl_slist_append(headerList, line)
  }

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
    try check(ccurl_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) throws(HTTPClientError) {
    try check(ccurl_set_string(easy, option, value))
  }

  private func check(_ code: CURLcode) throws(HTTPClientError) {
    guard code == CURLE_OK else { throw invalid(String(cString: curl_easy_strerror(code))) }
  }

  private func invalid(_ detail: String) -> HTTPClientError {
    HTTPClientError(.invalidRequest, url: url, detail: detail)
  }
}

extension HTTPRequest.Body {
  /// The type to announce; curl announces a form's itself.
  fileprivate var contentType: String? {
    switch self {
    case .none, .form: nil
    case .bytes(_, let contentType), .file(_, let contentType): contentType
    }
  }
}

extension Duration {
  /// Whole milliseconds, at least one: zero would mean for ever.
  fileprivate var wholeMilliseconds: Int {
    max(1, Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
  }
}

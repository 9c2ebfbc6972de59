internal import CMicroHTTPD
internal import Concurrency

/// The library's server: its threads, and the calls that they make.
// Proof: the handle is set once; the library's functions that are given it here may be called by any thread, and
// `stop()` is the last of them.
final class Daemon: @unchecked Sendable {
  private let handle: OpaquePointer
  private let core: ServerCore

  /// Takes the listening socket over.
  init?(socket: ListeningSocket, core: ServerCore) {
    let limits = core.configuration.limits
    self.core = core
    var settings = cmicrohttpd_settings()
    settings.listening_socket = socket.descriptor
    settings.threads = UInt32(max(core.configuration.threads, 1))
    settings.connections = UInt32(limits.connections)
    settings.connections_per_address = UInt32(limits.connectionsPerAddress)
    settings.idle_seconds = UInt32(max((limits.idle / .seconds(1)).rounded(.up), 1))
    settings.bytes_per_connection = limits.headerBytes
    // Not retained: the daemon, which holds the core, outlives its threads.
    settings.context = Unmanaged.passUnretained(core).toOpaque()
    settings.handle = { context, connection, path, method, _, bytes, size, slot in
      guard let core = Daemon.core(context), let connection, let path, let method, let size, let slot else {
        return .NO
      }
      if let exchange = slot.pointee, exchange != core.headMark {
        let count = size.pointee
        size.pointee = 0
        return Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
          .proceed(UnsafeRawBufferPointer(start: bytes, count: count))
      }
      let client = DaemonConnection(handle: connection)
      guard slot.pointee == nil else {
        return core.begin(String(cString: method), String(cString: path), on: client, slot: &slot.pointee)
      }
      return core.receiveHead(String(cString: method), String(cString: path), on: client, slot: &slot.pointee)
    }
    settings.completed = { context, connection, slot, _ in
      guard let core = Daemon.core(context), let connection else { return }
      // The slot's reference ends here.
      let pointer = slot?.pointee == core.headMark ? nil : slot?.pointee
      let exchange = pointer.map { Unmanaged<Exchange>.fromOpaque($0).takeRetainedValue() }
      slot?.pointee = nil
      core.complete(exchange, on: DaemonConnection(handle: connection))
    }
    settings.notified = { context, connection, slot, event in
      guard let core = Daemon.core(context), let connection, let slot else { return }
      if event == .CONNECTION_NOTIFY_STARTED {
        let served = core.open(cmicrohttpd_connection_socket(connection))
        slot.pointee = Unmanaged.passRetained(served).toOpaque()
      } else if let pointer = slot.pointee {
        // The reference of its opening ends here.
        core.close(Unmanaged<ServedConnection>.fromOpaque(pointer).takeRetainedValue())
        slot.pointee = nil
      }
    }
    guard let handle = cmicrohttpd_start(&settings) else { return nil }
    self.handle = handle
  }

  private static func core(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
    context.map { Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Accepts nothing more.
  ///
  /// - Returns: the listening socket, which is the caller's again.
  func quiesce() -> Int32 { MHD_quiesce_daemon(handle) }

  /// Ends the threads and closes what is open. No request may be suspended.
  func stop() async {
    await withCheckedContinuation { continuation in
      // It joins the threads, so not on the cooperative pool.
      startThread(name: "http-stop") { [self] in
        MHD_stop_daemon(handle)
        continuation.resume()
      }
    }
  }
}

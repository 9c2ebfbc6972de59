internal import CEventLoop
internal import Glibc

/// Runs `body` on a new detached thread with the given name (as debuggers show it; cut to 15 bytes).
package func startThread(name: String, _ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  var thread = pthread_t()
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  defer { pthread_attr_destroy(&attributes) }
  // The reference passes to the new thread, which takes it over.
  let box = Unmanaged.passRetained(Box(name: name, body: body))
  let status = pthread_create(
    &thread, &attributes,
    { argument in
      guard let argument else { return nil }
      let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
      reelmill_name_thread(box.name)
      box.body()
      return nil
    }, box.toOpaque())
  precondition(status == 0, "cannot start a thread (errno \(status)); raise `ulimit -u`")
}

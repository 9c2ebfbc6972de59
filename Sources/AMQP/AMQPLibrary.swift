internal import CRabbitMQ

/// librabbitmq, as it was found at run time.
package enum AMQPLibrary {
  /// Its version, such as `0.11.0`.
  package static var version: String { String(cString: amqp_version()) }
}

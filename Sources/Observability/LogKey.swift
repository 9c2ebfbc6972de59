/// The names of what a log line carries beside its message; lines show them in this order.
package enum LogKey: String, Sendable, CaseIterable {
  case component
  case organisation
  case asset
  case mediaType = "media_type"
  case stage
  case attempt
  case lane
  case run
  case recipe
  case job
  case replay
  case deadLetter = "dead_letter"
  case messageID = "message_id"
  case queue
  case exchange
  case routingKey = "routing_key"
  case provider
  case model
  case cost
  case method
  case url
  case address
  case status
  case path
  case setting
  case version
  case process
  case exitCode = "exit_code"
  case signal
  case count
  case bytes
  case seconds
  case reason
  case error
  case trace = "trace_id"
  case span = "span_id"
}

/// What a log line carries beside its message.
package typealias LogMetadata = [LogKey: LogValue]

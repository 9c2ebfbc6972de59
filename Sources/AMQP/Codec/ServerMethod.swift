/// A method that the broker sends, decoded once.
enum ServerMethod {
  case connectionStart(mechanisms: String, properties: FieldTable)
  case connectionTune(Tuning)
  case connectionOpenOk
  case connectionClose(code: UInt16, text: String)
  case connectionCloseOk
  case connectionBlocked(reason: String)
  case connectionUnblocked
  case channelOpenOk
  case channelClose(code: UInt16, text: String)
  case channelCloseOk
  case exchangeDeclareOk
  case exchangeDeleteOk
  case queueDeclareOk(name: String, ready: Int, consumers: Int)
  case queueBindOk
  case queueUnbindOk
  case queuePurgeOk(messages: Int)
  case queueDeleteOk(messages: Int)
  case basicQosOk
  case basicConsumeOk(consumerTag: String)
  case basicCancel
  case basicCancelOk
  case basicDeliver(Envelope)
  case basicReturn(code: UInt16, text: String, exchange: String, routingKey: String)
  case basicGetOk(Envelope, remaining: Int)
  case basicGetEmpty
  case basicAck(tag: UInt64, multiple: Bool)
  case basicNack(tag: UInt64, multiple: Bool)
  case confirmSelectOk
}

/// What is known of a delivery before its header and body have come.
struct Envelope {
  let tag: UInt64
  let isRedelivered: Bool
  let route: Route
}

/// A method that the client sends.
enum ClientMethod {
  case connectionStartOk(properties: FieldTable, user: String, password: String)
  case connectionTuneOk(Tuning)
  case connectionOpen(vhost: String)
  case connectionClose
  case connectionCloseOk
  case channelOpen
  case channelClose
  case channelCloseOk
  case exchangeDeclare(name: String, type: String, isPassive: Bool, isDurable: Bool, arguments: FieldTable)
  case exchangeDelete(name: String)
  case queueDeclare(QueueDeclaration, isPassive: Bool)
  case queueBind(queue: String, exchange: String, routingKey: String, arguments: FieldTable)
  case queueUnbind(queue: String, exchange: String, routingKey: String, arguments: FieldTable)
  case queuePurge(name: String)
  case queueDelete(name: String)
  case basicQos(prefetch: UInt16)
  case basicConsume(queue: String)
  case basicCancel(consumerTag: String)
  case basicPublish(exchange: String, routingKey: String, isMandatory: Bool)
  case basicGet(queue: String)
  case basicAck(tag: UInt64, multiple: Bool)
  case basicNack(tag: UInt64, requeue: Bool)
  case confirmSelect
}

/// The limits of a connection that both sides agree on.
struct Tuning: Equatable {
  var channelMax: UInt16
  /// The largest frame in bytes, its eight bytes of envelope included.
  var frameMax: UInt32
  /// Seconds; zero means none.
  var heartbeat: UInt16
}

/// How a queue is to be.
struct QueueDeclaration {
  var name: String
  var isDurable = false
  var isExclusive = false
  var isAutoDelete = false
  var arguments: FieldTable = [:]
}

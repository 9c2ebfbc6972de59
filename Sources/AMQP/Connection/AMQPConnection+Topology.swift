extension AMQPConnection {
  /// What a queue holds at the moment.
  package struct QueueStatus: Sendable, Equatable {
    /// The queue's name; the broker's choice if it was declared with an empty one.
    package let name: String
    /// Messages that wait for a consumer; those delivered and not acknowledged are not counted.
    package let ready: Int
    package let consumers: Int
  }

  /// Makes an exchange, or checks that it is as described.
  ///
  /// - Throws: ``AMQPError/preconditionFailed(kind:name:argument:text:)`` if it exists with other properties.
  package func declareExchange(
    _ name: String, type: String, durable: Bool = true, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    let method = ClientMethod.exchangeDeclare(
      name: name, type: type, isPassive: false, isDurable: durable, arguments: arguments)
    let answer = try await callAside(method, "declaring the exchange '\(name)'")
    guard case .exchangeDeclareOk = answer else { throw unexpected(.method(answer)) }
  }

  /// Makes a queue, or checks that it is as described.
  ///
  /// - Parameter name: empty to let the broker choose one.
  /// - Throws: ``AMQPError/preconditionFailed(kind:name:argument:text:)`` if it exists with other properties.
  @discardableResult
  package func declareQueue(
    _ name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
    arguments: FieldTable = [:]
  ) async throws(AMQPError) -> QueueStatus {
    try await declare(
      QueueDeclaration(
        name: name, isDurable: durable, isExclusive: exclusive, isAutoDelete: autoDelete, arguments: arguments),
      isPassive: false)
  }

  /// Looks at a queue without making it.
  ///
  /// - Throws: ``AMQPError/channelClosed(code:text:)`` with 404 if there is none.
  package func inspectQueue(_ name: String) async throws(AMQPError) -> QueueStatus {
    try await declare(QueueDeclaration(name: name), isPassive: true)
  }

  private func declare(_ queue: QueueDeclaration, isPassive: Bool) async throws(AMQPError) -> QueueStatus {
    let answer = try await callAside(
      .queueDeclare(queue, isPassive: isPassive),
      "\(isPassive ? "inspecting" : "declaring") the queue '\(queue.name)'")
    guard case .queueDeclareOk(let name, let ready, let consumers) = answer else { throw unexpected(.method(answer)) }
    return QueueStatus(name: name, ready: ready, consumers: consumers)
  }

  /// Lets messages of an exchange whose key matches into a queue.
  package func bind(
    queue: String, to exchange: String, routingKey: String, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    let method = ClientMethod.queueBind(
      queue: queue, exchange: exchange, routingKey: routingKey, arguments: arguments)
    let answer = try await callAside(method, "binding the queue '\(queue)' to '\(exchange)'")
    guard case .queueBindOk = answer else { throw unexpected(.method(answer)) }
  }

  /// Takes a binding away.
  package func unbind(
    queue: String, from exchange: String, routingKey: String, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    let method = ClientMethod.queueUnbind(
      queue: queue, exchange: exchange, routingKey: routingKey, arguments: arguments)
    let answer = try await callAside(method, "unbinding the queue '\(queue)' from '\(exchange)'")
    guard case .queueUnbindOk = answer else { throw unexpected(.method(answer)) }
  }

  /// Removes the messages that wait in a queue.
  ///
  /// - Returns: how many there were.
  @discardableResult
  package func purgeQueue(_ name: String) async throws(AMQPError) -> Int {
    let answer = try await callAside(.queuePurge(name: name), "purging the queue '\(name)'")
    guard case .queuePurgeOk(let messages) = answer else { throw unexpected(.method(answer)) }
    return messages
  }

  /// Removes a queue, its messages and its consumers. One that does not exist is no error.
  ///
  /// - Returns: how many messages went with it.
  @discardableResult
  package func deleteQueue(_ name: String) async throws(AMQPError) -> Int {
    let answer = try await callAside(.queueDelete(name: name), "deleting the queue '\(name)'")
    guard case .queueDeleteOk(let messages) = answer else { throw unexpected(.method(answer)) }
    return messages
  }

  /// Removes an exchange and its bindings. One that does not exist is no error.
  package func deleteExchange(_ name: String) async throws(AMQPError) {
    let answer = try await callAside(.exchangeDelete(name: name), "deleting the exchange '\(name)'")
    guard case .exchangeDeleteOk = answer else { throw unexpected(.method(answer)) }
  }
}

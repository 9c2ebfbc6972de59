import EmbeddedServices
import Glibc
import Subprocess
import TestSupport

/// Three broker nodes on the loopback interface that are one cluster.
struct BrokerCluster: Sendable {
  let nodes: [ServiceProcess]
  /// The first of them, with the suite's database.
  let services: FaultServices

  private static let size = 3

  static func run(
    in folder: String, with shared: FaultServices, _ body: (BrokerCluster) async throws -> Void
  ) async throws {
    let records = settledRecords()
    guard let secrets = records.first, let epmd = secrets.ports?.epmd else { throw Unavailable("no free ports") }
    let definitions = try records.enumerated().map { index, record in
      guard var ports = record.ports else { throw Unavailable("no free ports") }
      ports.epmd = epmd
      let node = BrokerNode(
        folder: "\(folder)/node-\(index)", record: secrets, ports: ports, nodeName: name(index),
        hasManagement: index == 0, settings: settings)
      try node.prepare()
      return node
    }
    // One for all: that of a node would end with the node.
    let mapper = try GuardedProcess(
      GuardedProcess.Command(
        arguments: ["/usr/bin/epmd", "-address", "127.0.0.1", "-port", "\(epmd)", "-relaxed_command_check"],
        environment: ["HOME": folder], folder: folder, logPath: "\(folder)/epmd.log"))
    let nodes = definitions.map { ServiceProcess($0.command, probe: .amqp, port: $0.ports.amqp) }
    let user = "\(BrokerNode.user):\(secrets.password)@127.0.0.1"
    let services = FaultServices(
      broker: nodes[0], database: shared.database, node: definitions[0], cluster: shared.cluster,
      amqpURL: "amqp://\(user):\(definitions[0].ports.amqp)/", databaseURL: shared.databaseURL,
      api: try BrokerAPI(url: "http://\(user):\(definitions[0].ports.management)/api"))
    do {
      try await withThrowingDiscardingTaskGroup { group in
        for node in nodes { group.addTask { try await node.start() } }
      }
      try await services.brokersKnow(Self.size)
      try await body(BrokerCluster(nodes: nodes, services: services))
    } catch {
      await end(nodes, mapper)
      throw error
    }
    await end(nodes, mapper)
  }

  private static func end(_ nodes: [ServiceProcess], _ mapper: GuardedProcess) async {
    await withDiscardingTaskGroup { group in
      for node in nodes { group.addTask { await node.stop(.killed) } }
    }
    mapper.end()
    _ = await mapper.exit.value
  }

  private static func name(_ index: Int) -> String { "reelmill-\(index)@localhost" }

  private static var settings: [String] {
    ["cluster_formation.peer_discovery_backend = classic_config", "cluster_partition_handling = pause_minority"]
      + (0..<size).map { "cluster_formation.classic_config.nodes.\($0 + 1) = \(name($0))" }
  }

  /// Ports for each node that no other has.
  private static func settledRecords() -> [ServiceRecord] {
    while true {
      let records = (0..<size).map { _ in
        var record = ServiceRecord()
        record.settlePorts()
        return record
      }
      let ports = records.compactMap(\.ports).flatMap { [$0.amqp, $0.distribution, $0.prometheus, $0.management] }
      if Set(ports).count == ports.count { return records }
    }
  }
}

extension FaultServices {
  /// Waits until so many nodes of the broker's cluster run.
  fileprivate func brokersKnow(_ count: Int) async throws {
    try await eventually("\(count) nodes are one cluster", within: .seconds(60)) {
      let answer = try await brokerCall("rabbit_nodes all_running []")
      return answer.split(separator: "@").count - 1 == count
    }
  }
}

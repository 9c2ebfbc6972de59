package import AMQP
internal import Concurrency
internal import Engine
internal import MiniLM
package import Pipeline
package import PostgreSQL
package import Subprocess

/// Examines all that a user can get wrong, and says for each what to do. It changes nothing.
package struct Doctor: Sendable {
  /// What is to be examined. What is nil is not.
  package struct Subject: Sendable {
    package var database: PostgresConfiguration?
    package var brokerURL: AMQPURL?
    /// What the queues are derived from.
    package var stages: [StageDeclaration] = []
    /// What is wanted of the sandbox.
    package var sandbox = SandboxMode.preferred
    /// Where blobs are kept as files.
    package var blobFolder: String?
    /// Where the embedding model is.
    package var modelFolder: String?
    /// Ports that servers of ours want, with the servers' names.
    package var ports: [(name: String, port: UInt16)] = []
    /// The name of this machine, as workers give it.
    package var host: String

    package init(host: String) { self.host = host }
  }

  private let subject: Subject
  private let pool = BlockingPool(name: "doctor", threadCount: 1)

  package init(_ subject: Subject) { self.subject = subject }

  /// Examines everything, one after the other; what cannot be reached costs its deadline and no more.
  @concurrent
  package func examine() async -> Diagnosis {
    var checks: [Check] = []
    for tool in Tool.all { checks.append(tool.judge(await tool.probe())) }
    checks.append(await examineSandbox())
    checks += LinkedLibrary.all.map { $0.judge() }
    checks += await examineServices()
    checks += await examineMachine()
    return Diagnosis(checks: checks)
  }

  private func examineSandbox() async -> Check {
    let fix = """
      allow user namespaces (in a container: --security-opt seccomp=unconfined), or accept the risk with \
      REELMILL_SANDBOX=off
      """
    do throws(Sandbox.Unavailable) {
      let sandbox = try await Sandbox(mode: subject.sandbox)
      if let reason = sandbox.unavailableReason { return .warn("sandbox", reason, fix: fix) }
      guard sandbox.isActive else {
        return .warn("sandbox", "turned off: programs read foreign files unconfined", fix: "REELMILL_SANDBOX=required")
      }
      return .pass("sandbox", "confines programs")
    } catch {
      return .fail("sandbox", "\(error)", fix: fix)
    }
  }

  // MARK: Services

  private func examineServices() async -> [Check] {
    let loop = EventLoop(name: "doctor")
    defer { loop.stop() }
    return await examineDatabase(on: loop) + examineBroker(on: loop)
  }

  private func examineDatabase(on loop: EventLoop) async -> [Check] {
    guard var configuration = subject.database else { return [] }
    configuration.statementTimeout = .seconds(10)
    var limits = PostgresClient.Limits()
    limits.wait = .seconds(5)
    let client = PostgresClient(configuration, limits: limits, on: loop)
    var checks: [Check]
    do throws(PostgresError) {
      let findings = try await DatabaseFindings.probe(client)
      checks = findings.judge()
      if subject.blobFolder != nil {
        checks.append(SharedFiles(host: subject.host, workerHosts: findings.workerHosts).judge())
      }
    } catch {
      checks = [
        .fail("database", "\(configuration): \(error)", fix: "start the database, or correct REELMILL_DATABASE_URL")
      ]
    }
    await client.close()
    return checks
  }

  private func examineBroker(on loop: EventLoop) async -> [Check] {
    guard let url = subject.brokerURL else { return [] }
    var options = AMQPConnection.Options()
    options.clientName = "reelmill doctor"
    options.connectTimeout = .seconds(5)
    do throws(AMQPError) {
      let connection = try await AMQPConnection.connect(to: url, on: loop, options: options)
      let findings: BrokerFindings
      do throws(AMQPError) {
        findings = try await BrokerFindings.probe(connection, topology: Topology(stages: subject.stages))
      } catch {
        await connection.close()
        throw error
      }
      await connection.close()
      return findings.judge()
    } catch {
      return [.fail("broker", "\(url): \(error)", fix: "start the broker, or correct REELMILL_AMQP_URL")]
    }
  }

  // MARK: This machine

  private func examineMachine() async -> [Check] {
    let checks = try? await pool.run { [subject] in
      var checks: [Check] = []
      if let folder = subject.blobFolder { checks.append(FolderFindings.probe(folder).judge()) }
      if let folder = subject.modelFolder { checks.append(Self.examineModel(in: folder)) }
      if let limit = OpenFileLimit.probe() { checks.append(limit.judge()) }
      checks += subject.ports.map { PortFinding.probe($0.name, port: $0.port).judge() }
      return checks
    }
    return checks ?? [.skip("this machine", "the examination was cancelled")]
  }

  private static func examineModel(in folder: String) -> Check {
    do throws(ModelError) {
      _ = try Encoder.load(folder)
      return .pass("embedding model", folder)
    } catch {
      return .fail("embedding model", "\(error)", fix: "scripts/fetch-model")
    }
  }
}

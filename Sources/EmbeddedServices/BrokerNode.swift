internal import FoundationEssentials

/// A private RabbitMQ node: its files, and the command that runs it.
package struct BrokerNode: Sendable {
  static let name = "broker"
  package static let user = "reelmill"

  package let folder: String
  package let ports: ServiceRecord.Ports
  /// How Erlang knows it; unique under its epmd.
  package let nodeName: String
  private let password: String
  private let cookie: String
  private let hasManagement: Bool
  private let settings: [String]
  private let program: String

  package var logPath: String { "\(folder)/output.log" }

  /// - Parameters:
  ///   - folder: where the node keeps everything, an absolute path.
  ///   - record: its ports, settled before, its password and its cookie.
  ///   - settings: more lines of `rabbitmq.conf`.
  ///   - program: Debian's script that starts the server; the one of the same name in sbin changes user.
  package init(
    folder: String, record: ServiceRecord, ports: ServiceRecord.Ports, nodeName: String = "reelmill@localhost",
    hasManagement: Bool, settings: [String] = [], program: String = "/usr/lib/rabbitmq/bin/rabbitmq-server"
  ) {
    self.folder = folder
    self.ports = ports
    self.nodeName = nodeName
    self.password = record.password
    self.cookie = record.cookie
    self.hasManagement = hasManagement
    self.settings = settings
    self.program = program
  }

  /// Writes the node's configuration, anew at each start.
  package func prepare() throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let plugins = hasManagement ? "rabbitmq_prometheus,rabbitmq_management" : "rabbitmq_prometheus"
    try PrivateFile.write(Data("[\(plugins)].\n".utf8), to: "\(folder)/enabled_plugins")
    try PrivateFile.write(Data(configuration.utf8), to: "\(folder)/rabbitmq.conf")
    try PrivateFile.write(Data(cookie.utf8), to: "\(folder)/.erlang.cookie")
  }

  private var configuration: String {
    """
    listeners.tcp.1 = 127.0.0.1:\(ports.amqp)
    prometheus.tcp.ip = 127.0.0.1
    prometheus.tcp.port = \(ports.prometheus)
    default_user = \(Self.user)
    default_pass = \(password)
    log.file.level = info
    log.file.rotation.size = 10485760
    log.file.rotation.count = 3
    log.console = true
    log.console.level = warning
    \(hasManagement ? "management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = \(ports.management)\n" : "")
    \(settings.joined(separator: "\n"))
    """
  }

  /// The node with a port mapper daemon (epmd) of its own, in the same process group, so that both end together.
  ///
  /// The node itself must start none: it would be a daemon that nobody ends.
  ///
  /// Before it stops, the handler that collects statistics is taken out. In RabbitMQ 3.10 it asks Erlang's application
  /// controller to note its end, which is waiting for the node to stop and answers nobody: that lasts 5 s.
  package var command: GuardedProcess.Command {
    let script = """
      epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" -relaxed_command_check &
      "$0" &
      server=$!
      stop() {
        erl_call -timeout 1 -sname "$RABBITMQ_NODENAME" \\
          -a 'gen_event delete_handler [rabbit_event, rabbit_mgmt_db_handler, []]' >/dev/null 2>&1
        kill -s TERM "$server"
      }
      trap stop TERM
      wait "$server"
      status=$?
      # A wait that a signal interrupted says nothing of the server.
      while kill -s 0 "$server" 2>/dev/null; do
        wait "$server"
        status=$?
      done
      exit "$status"
      """
    return GuardedProcess.Command(
      arguments: ["/bin/sh", "-c", script, program], environment: environment, folder: folder, logPath: logPath)
  }

  /// What the node's programs need to know; also those that talk to it.
  package var environment: [String: String] {
    [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME": folder,
      "LANG": "C.UTF-8",
      // Not the settings of a system-wide broker.
      "RABBITMQ_CONF_ENV_FILE": "/dev/null",
      "RABBITMQ_CONFIG_FILE": "\(folder)/rabbitmq",
      "RABBITMQ_ENABLED_PLUGINS_FILE": "\(folder)/enabled_plugins",
      "RABBITMQ_MNESIA_BASE": "\(folder)/data",
      "RABBITMQ_LOG_BASE": "\(folder)/log",
      "RABBITMQ_NODENAME": nodeName,
      "RABBITMQ_DIST_PORT": "\(ports.distribution)",
      "ERL_EPMD_PORT": "\(ports.epmd)",
      "ERL_EPMD_ADDRESS": "127.0.0.1",
      "ERL_ZFLAGS": "-start_epmd false",
      // Idle schedulers sleep at once instead of spinning.
      "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
      "ERL_CRASH_DUMP_BYTES": "0",
    ]
  }
}

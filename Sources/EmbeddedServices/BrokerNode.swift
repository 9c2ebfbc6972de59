internal import FoundationEssentials

/// A private RabbitMQ node: its files, and the command that runs it.
struct BrokerNode: Sendable {
  static let name = "broker"
  static let user = "reelmill"

  let folder: String
  let ports: ServiceRecord.Ports
  let password: String
  let cookie: String
  let hasManagement: Bool
  /// Debian's `/usr/lib/rabbitmq/bin/rabbitmq-server`; the script of the same name in sbin changes user.
  let program: String

  var logPath: String { "\(folder)/output.log" }

  /// Writes the node's configuration, anew at each start.
  func prepare() throws {
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
    """
  }

  /// The node with a port mapper daemon (epmd) of its own, in the same process group, so that both end together.
  ///
  /// The node itself must start none: it would be a daemon that nobody ends.
  var command: GuardedProcess.Command {
    let script = """
      epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" -relaxed_command_check &
      exec "$0"
      """
    var command = GuardedProcess.Command(
      arguments: ["/bin/sh", "-c", script, program], environment: environment, folder: folder, logPath: logPath)
    // Queues and stores are closed in some milliseconds; RabbitMQ 3.10 then waits 5 s for its idle metrics listener.
    command.grace = .seconds(3)
    return command
  }

  private var environment: [String: String] {
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
      "RABBITMQ_NODENAME": "reelmill@localhost",
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

import AMQP
import Testing

@Suite struct AMQPURLTests {
  @Test func `every part is read and percent-decoded`() throws {
    let url = try AMQPURL(
      "amqps://us%65r:p%40ss%2Fword@rabbit.example:5999/my%2Fhost?heartbeat=7&cacertfile=/etc/ca%20.pem")
    #expect(url.isSecure)
    #expect(url.user == "user")
    #expect(url.password == "p@ss/word")
    #expect(url.host == "rabbit.example")
    #expect(url.port == 5999)
    #expect(url.vhost == "my/host")
    #expect(url.heartbeat == .seconds(7))
    #expect(url.caCertificate == "/etc/ca .pem")
  }

  @Test(arguments: ["amqp://localhost", "amqp://localhost/", "amqp://localhost/%2F", "amqp://localhost/%2f"])
  func `what is left out has RabbitMQ's defaults`(text: String) throws {
    let url = try AMQPURL(text)
    #expect((url.user, url.password) == ("guest", "guest"))
    #expect((url.host, url.port) == ("localhost", 5672))
    #expect(url.vhost == "/")
    #expect(!url.isSecure)
  }

  @Test func `an encrypted connection has a port of its own, and an IPv6 address stands in brackets`() throws {
    #expect(try AMQPURL("amqps://host").port == 5671)
    let url = try AMQPURL("amqp://[::1]:5673/v")
    #expect((url.host, url.port, url.vhost) == ("::1", 5673, "v"))
    #expect("\(url)" == "amqp://guest@[::1]:5673/v")
  }

  @Test(arguments: [
    ("http://localhost", "amqp://"), ("amqp://", "no host"), ("amqp://host:0", "port"), ("amqp://host:65536", "port"),
    ("amqp://host:", "port"), ("amqp://[::1", "bracket"), ("amqp://host/a%zz", "hexadecimal"),
    ("amqp://host/%ff", "UTF-8"), ("amqp://host/?heartbeat=soon", "heartbeat"), ("amqp://host/?verify=no", "verify"),
    ("amqp://host/?cacertfile=/x", "amqps"), ("amqp://host/#x", "fragment"),
  ])
  func `what cannot be meant is refused with the reason`(text: String, reason: String) {
    let error = #expect(throws: AMQPError.self) { try AMQPURL(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func `the password shows nowhere`() throws {
    let url = try AMQPURL("amqp://user:hunter2@host/v")
    var dumped = ""
    dump(url, to: &dumped)
    for text in ["\(url)", String(reflecting: url), dumped] {
      #expect(!text.contains("hunter2"))
      #expect(text.contains("amqp://user@host:5672/v"))
    }
    let error = #expect(throws: AMQPError.self) { try AMQPURL("amqp://user:hunter2%@host") }
    #expect(error?.description.contains("hunter2") == false)
  }
}

import AMQP
import Concurrency
import Engine
import Operations
import Pipeline
import PostgreSQL
import Subprocess
import TestSupport
import Testing

@Suite struct DoctorTests {
  @Test func `a machine without services configured is examined for itself`() async throws {
    let diagnosis = await Doctor(Doctor.Subject(host: "here")).examine()
    let subjects = diagnosis.checks.map(\.subject)
    for subject in ["ffmpeg", "tesseract", "bwrap", "sandbox", "librabbitmq", "libpq", "libcurl", "open files"] {
      #expect(subjects.contains(subject))
    }
    #expect(!subjects.contains("database") && !subjects.contains("broker"))
    for check in diagnosis.checks where check.verdict == .fail || check.verdict == .warn {
      #expect(check.fix?.isEmpty == false, "\(check.subject)")
    }
    let libraries = diagnosis.checks.filter { $0.subject.hasPrefix("lib") }
    #expect(libraries.allSatisfy { $0.verdict == .pass }, "\(libraries)")
  }

  @Test func `a fresh database lacks the schema, a migrated one does not`() async throws {
    try await withDatabase { url in
      var subject = Doctor.Subject(host: "here")
      subject.database = try PostgresConfiguration(url: url)
      let fresh = await Doctor(subject).examine()
      #expect(fresh["database"]?.verdict == .pass)
      #expect(fresh["schema"]?.verdict == .fail)
      #expect(fresh["schema"]?.fix == "reelmill migrate")
      #expect(fresh.verdict == .fail)

      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
      _ = try await Migrator(client: client).migrate(definitions: [])
      await client.close()
      let migrated = await Doctor(subject).examine()
      #expect(migrated["schema"]?.verdict == .pass)
      #expect(migrated["pgvector"]?.verdict == .pass)
      #expect(migrated["clock"]?.verdict == .pass)
    }
  }

  @Test func `blobs in files are objected to while another machine works`() async throws {
    try await withFolder { folder in
      try await withDatabase { url in
        let loop = EventLoop(name: "test")
        defer { loop.stop() }
        let client = PostgresClient(try PostgresConfiguration(url: url), on: loop)
        _ = try await Migrator(client: client).migrate(definitions: [])
        let sample = Sample(library: Library(client: client, pipeline: Sample.pipeline))
        _ = try await sample.addWorker(host: "here")
        var subject = Doctor.Subject(host: "here")
        subject.database = try PostgresConfiguration(url: url)
        subject.blobFolder = folder
        #expect(await Doctor(subject).examine()["shared blobs"]?.verdict == .pass)
        _ = try await sample.addWorker(host: "elsewhere")
        let check = await Doctor(subject).examine()["shared blobs"]
        #expect(check?.verdict == .warn)
        #expect(check?.found.contains("elsewhere") == true)
        await client.close()
      }
    }
  }

  @Test func `a database that is not there is a failure that names it, without its password`() async throws {
    var subject = Doctor.Subject(host: "here")
    subject.database = try PostgresConfiguration(url: "postgresql://ada:secret@127.0.0.1:1/library")
    let check = await Doctor(subject).examine()["database"]
    #expect(check?.verdict == .fail)
    #expect(check?.found.contains("127.0.0.1:1/library") == true)
    #expect(check?.found.contains("secret") == false)
    #expect(check?.fix?.contains("REELMILL_DATABASE_URL") == true)
  }

  @Test func `a broker that is not there is a failure that names it, without its password`() async throws {
    var subject = Doctor.Subject(host: "here")
    subject.brokerURL = try AMQPURL("amqp://ada:secret@127.0.0.1:1/")
    let check = await Doctor(subject).examine()["broker"]
    #expect(check?.verdict == .fail)
    #expect(check?.found.contains("secret") == false)
  }

  @Test func `a fresh broker has no queues, and looking makes none`() async throws {
    try await withBroker { url in
      var subject = Doctor.Subject(host: "here")
      subject.brokerURL = try AMQPURL(url)
      subject.stages = Sample.pipeline.stages
      for _ in 0..<2 {
        let diagnosis = await Doctor(subject).examine()
        #expect(diagnosis["broker"]?.verdict == .pass)
        #expect(diagnosis["broker"]?.found.hasPrefix("RabbitMQ ") == true)
        #expect(diagnosis["topology"]?.verdict == .warn)
        #expect(diagnosis["topology"]?.found.hasPrefix("16 queues do not stand") == true)
      }
    }
  }

  @Test func `a queue with other arguments is named with the argument`() async throws {
    try await withBroker { url in
      let loop = EventLoop(name: "test")
      defer { loop.stop() }
      let connection = try await AMQPConnection.connect(to: try AMQPURL(url), on: loop)
      let topology = Topology(stages: Sample.pipeline.stages)
      var subject = Doctor.Subject(host: "here")
      subject.brokerURL = try AMQPURL(url)
      subject.stages = Sample.pipeline.stages

      try await topology.declare(on: connection)
      #expect(await Doctor(subject).examine()["topology"]?.verdict == .pass)

      try await connection.deleteQueue("read.live")
      try await connection.declareQueue("read.live", arguments: ["x-queue-type": "quorum", "x-delivery-limit": 3])
      let check = await Doctor(subject).examine()["topology"]
      #expect(check?.verdict == .fail)
      #expect(check?.found.contains("read.live") == true)
      #expect(check?.found.contains("x-de") == true, "\(check?.found ?? "")")
      await connection.close()
    }
  }

  @Test func `a folder that takes no file and a model that is not there are failures`() async throws {
    try await withFolder { folder in
      var subject = Doctor.Subject(host: "here")
      subject.blobFolder = "\(folder)/missing"
      subject.modelFolder = folder
      let diagnosis = await Doctor(subject).examine()
      #expect(diagnosis["blob folder"]?.verdict == .fail)
      #expect(diagnosis["blob folder"]?.found.contains("No such file or directory") == true)
      #expect(diagnosis["embedding model"]?.verdict == .fail)
      subject.blobFolder = folder
      #expect(await Doctor(subject).examine()["blob folder"]?.found.hasPrefix("\(folder), ") == true)
    }
  }
}

extension Diagnosis {
  fileprivate subscript(subject: String) -> Check? { checks.first { $0.subject == subject } }
}

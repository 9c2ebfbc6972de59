import Identifiers
import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ValueTests {
  /// Sends `values` as what they are and as an array with a NULL in it, and reads both back.
  private func roundTrip<Value: PostgresScalar & Equatable>(
    _ values: [Value], as type: String, _ connection: PostgresConnection
  ) async throws {
    for value in values {
      let row = try await connection.query(
        "select \(value)::\(unescaped: type) as value, \(nil as Value?)::\(unescaped: type) as nothing"
      ).one()
      #expect(try row["value", as: Value.self] == value)
      #expect(try row["value", as: Value?.self] == value)
      #expect(try row["nothing", as: Value?.self] == nil)
    }
    let sparse = values.flatMap { [$0, nil] }
    let row = try await connection.query(
      """
      select \(values)::\(unescaped: type)[] as full, \(sparse)::\(unescaped: type)[] as sparse,
        \([] as [Value])::\(unescaped: type)[] as empty, \(nil as [Value]?)::\(unescaped: type)[] as nothing
      """
    ).one()
    #expect(try row["full", as: [Value].self] == values)
    #expect(try row["sparse", as: [Value?].self] == sparse)
    #expect(try row["empty", as: [Value].self] == [])
    #expect(try row["nothing", as: [Value]?.self] == nil)
    let unnested = try await connection.query("select * from unnest(\(sparse)::\(unescaped: type)[])", as: Value?.self)
    #expect(unnested == sparse)
  }

  @Test func `every type comes back as it went, alone, in arrays and as NULL`() async throws {
    try await withConnection { connection in
      var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
      print("values from seed \(random.seed)")
      try await roundTrip([true, false], as: "bool", connection)
      try await roundTrip(
        [.min, -1, 0, .max, .random(in: .min ... .max, using: &random)] as [Int16], as: "int2", connection)
      try await roundTrip(
        [.min, -1, 0, .max, .random(in: .min ... .max, using: &random)] as [Int32], as: "int4", connection)
      try await roundTrip(
        [.min, -1, 0, .max, .random(in: .min ... .max, using: &random)] as [Int64], as: "int8", connection)
      try await roundTrip(
        [.min, -1, 0, .max, .random(in: .min ... .max, using: &random)] as [Int], as: "int8", connection)
      try await roundTrip(
        [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, 0.1] as [Float], as: "float4", connection
      )
      try await roundTrip(
        [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, 0.1] as [Double], as: "float8",
        connection)
      try await roundTrip(random.texts(count: 20) + ["", "é漢字🎬", "\"{},\\'\n"], as: "text", connection)
      try await roundTrip([[], [0], Array(0...255)] as [[UInt8]], as: "bytea", connection)
      try await roundTrip(
        [UUID(high: 0, low: 0), UUID(high: .max, low: .max), UUID.next()], as: "uuid", connection)
      try await roundTrip(
        [Timestamp(microsecondsSince1970: 0), .now, Timestamp(microsecondsSince1970: -1)], as: "timestamptz", connection
      )
      try await roundTrip([JSONText(#"{"a": [1, null, "é"]}"#), JSONText("null")], as: "jsonb", connection)
    }
  }

  @Test func `pgvector's types come back as they went, alone, in arrays and as NULL`() async throws {
    try await withConnection { connection in
      try await roundTrip(
        [Vector([1, -0.5, 1e-20]), Vector((0..<384).map { Float($0) / 7 })], as: "vector", connection)
      try await roundTrip([HalfVector([1, -0.5, 0.25]), HalfVector([65504])], as: "halfvec", connection)
    }
  }

  @Test(arguments: [12_786, 16_384, 90_001] as [UInt32])
  func `a vector is read whatever number its type has in a database, also one made in single-user mode`(oid: UInt32)
    throws
  {
    let bytes: [UInt8] = [0, 1, 0, 0, 0x3F, 0x80, 0, 0]
    let vector = try bytes.withUnsafeBytes { bytes in
      try Vector(decoding: PostgresCell(type: PostgresType(oid: oid), bytes: bytes))
    }
    #expect(vector == Vector([1]))
    #expect(throws: PostgresMismatch.self) {
      try bytes.withUnsafeBytes { try Vector(decoding: PostgresCell(type: .int8, bytes: $0)) }
    }
  }

  @Test func `a vector needs no cast where its type is clear`() async throws {
    try await withConnection { connection in
      try await connection.query("create table t (id int8, embedding vector(3))")
      try await connection.query("insert into t values (1, \(Vector([1, 0, 0]))), (2, \(Vector([0, 1, 0])))")
      let nearest = try await connection.query(
        "select id from t order by embedding <=> \(Vector([0.1, 0.9, 0])) limit 1", as: Int.self)
      #expect(nearest == [2])
    }
  }

  @Test func `a time is the same for the server`() async throws {
    try await withConnection { connection in
      let moment = Timestamp(millisecondsSince1970: 1_691_352_890_123)
      let text = try await connection.query(
        "select to_char(\(moment) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", as: String.self)
      #expect(text == ["2023-08-06 20:14:50.123000"])
    }
  }

  @Test func `narrow numbers are read as wide ones, never the other way`() async throws {
    try await withConnection { connection in
      let row = try await connection.query("select 1::int2 as a, 2::int4 as b, 3::int8 as c, 0.5::float4 as d").one()
      let (a, b, c, d) = try row.decode((Int64, Int, Int64, Double).self)
      #expect([a, Int64(b), c] == [1, 2, 3])
      #expect(d == 0.5)
      #expect(throws: PostgresError.self) { try row["c", as: Int32.self] }
      #expect(throws: PostgresError.self) { try row["b", as: Int16.self] }
    }
  }

  @Test func `json and jsonb are both read as text`() async throws {
    try await withConnection { connection in
      let row = try await connection.query(#"select '{"a":1}'::json as a, '{"a":1}'::jsonb as b"#).one()
      #expect(try row["a", as: JSONText.self].text == #"{"a":1}"#)
      #expect(try row["b", as: JSONText.self].text == #"{"a": 1}"#)
    }
  }

  @Test func `what has no finite time or more than one dimension is refused`() async throws {
    try await withConnection { connection in
      let row = try await connection.query("select 'infinity'::timestamptz as a, '{{1,2},{3,4}}'::int8[] as b").one()
      let infinite = try await postgresError { _ = try row["a", as: Timestamp.self] }
      #expect(infinite?.description.contains("found infinity") == true)
      let square = try await postgresError { _ = try row["b", as: [Int64].self] }
      #expect(square?.description.contains("found 2 dimensions") == true)
    }
  }
}

/// A generator whose cases can be made again from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// Texts of any characters but NUL.
  mutating func texts(count: Int) -> [String] {
    (0..<count).map { _ in
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &self) {
        if let scalar = Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &self)) { scalars.append(scalar) }
      }
      return String(scalars)
    }
  }
}

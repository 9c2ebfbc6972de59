/// A type of the server, by its number in the catalogue (`pg_type.oid`; the built-in ones never change).
package struct PostgresType: Hashable, Sendable {
  /// The number; 0 lets the server find the type from where the parameter stands.
  package let oid: UInt32

  package init(oid: UInt32) { self.oid = oid }

  package static let inferred = PostgresType(oid: 0)
  package static let bool = PostgresType(oid: 16)
  package static let bytea = PostgresType(oid: 17)
  package static let name = PostgresType(oid: 19)
  package static let int8 = PostgresType(oid: 20)
  package static let int2 = PostgresType(oid: 21)
  package static let int4 = PostgresType(oid: 23)
  package static let text = PostgresType(oid: 25)
  package static let oid = PostgresType(oid: 26)
  package static let json = PostgresType(oid: 114)
  package static let float4 = PostgresType(oid: 700)
  package static let float8 = PostgresType(oid: 701)
  package static let bpchar = PostgresType(oid: 1042)
  package static let varchar = PostgresType(oid: 1043)
  package static let timestamptz = PostgresType(oid: 1184)
  package static let uuid = PostgresType(oid: 2950)
  package static let jsonb = PostgresType(oid: 3802)

  package static let boolArray = PostgresType(oid: 1000)
  package static let byteaArray = PostgresType(oid: 1001)
  package static let int2Array = PostgresType(oid: 1005)
  package static let int4Array = PostgresType(oid: 1007)
  package static let textArray = PostgresType(oid: 1009)
  package static let int8Array = PostgresType(oid: 1016)
  package static let float4Array = PostgresType(oid: 1021)
  package static let float8Array = PostgresType(oid: 1022)
  package static let timestamptzArray = PostgresType(oid: 1185)
  package static let uuidArray = PostgresType(oid: 2951)
  package static let jsonbArray = PostgresType(oid: 3807)

  /// Types that extensions and users make have numbers from here on, other in each database: `FirstUnpinnedObjectId`,
  /// for a server in single-user mode does not start at `FirstNormalObjectId`, 16384, as others do.
  var isBuiltIn: Bool { oid < 12_000 }
}

extension PostgresType: CustomStringConvertible {
  private static let names: [PostgresType: String] = [
    .inferred: "unknown", .bool: "bool", .bytea: "bytea", .name: "name", .int8: "int8", .int2: "int2", .int4: "int4",
    .text: "text", .oid: "oid", .json: "json", .float4: "float4", .float8: "float8", .bpchar: "char(n)",
    .varchar: "varchar", .timestamptz: "timestamptz", .uuid: "uuid", .jsonb: "jsonb", .boolArray: "bool[]",
    .byteaArray: "bytea[]", .int2Array: "int2[]", .int4Array: "int4[]", .textArray: "text[]", .int8Array: "int8[]",
    .float4Array: "float4[]", .float8Array: "float8[]", .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]",
    .jsonbArray: "jsonb[]", PostgresType(oid: 1082): "date", PostgresType(oid: 1114): "timestamp",
    PostgresType(oid: 1186): "interval", PostgresType(oid: 1700): "numeric", PostgresType(oid: 2278): "void",
  ]

  /// The type's name, or its number where the client does not know it.
  package var description: String { Self.names[self] ?? "type number \(oid)" }
}

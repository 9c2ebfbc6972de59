/// A pgvector `vector`: single-precision numbers.
///
/// The server finds its type from where the parameter stands; where it cannot, write `\(vector)::vector`.
package struct Vector: Hashable, Sendable {
  package let elements: [Float]

  /// - Parameter elements: 1 to 16,000 numbers, none of them infinite or not a number: the server refuses others.
  package init(_ elements: [Float]) { self.elements = elements }
}

extension Vector: PgvectorValue {
  static var typeName: String { "vector" }
  static func append(_ element: Float, to buffer: inout PostgresBuffer) { buffer.append(element.bitPattern) }
  static func element(_ bits: UInt32) -> Float { Float(bitPattern: bits) }
}

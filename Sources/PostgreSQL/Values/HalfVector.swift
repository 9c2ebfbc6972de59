/// A pgvector `halfvec`: half-precision numbers, given and read in single precision.
///
/// The server finds its type from where the parameter stands; where it cannot, write `\(vector)::halfvec`.
package struct HalfVector: Hashable, Sendable {
  package let elements: [Float]

  /// - Parameter elements: 1 to 16,000 numbers, rounded to half precision when they are sent; the server refuses what
  ///   is then infinite or not a number.
  package init(_ elements: [Float]) { self.elements = elements }
}

extension HalfVector: PgvectorValue {
  static var typeName: String { "halfvec" }
  static func append(_ element: Float, to buffer: inout PostgresBuffer) { buffer.append(Float16(element).bitPattern) }
  static func element(_ bits: UInt16) -> Float { Float(Float16(bitPattern: bits)) }
}

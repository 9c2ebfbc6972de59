internal import FoundationEssentials
internal import JSON
internal import MiniLM
internal import Testing

/// A text, and what sentence-transformers makes of it (scripts/make-minilm-goldens).
struct Golden: Sendable {
  let name: String
  let text: String
  let tokens: [Int32]
  let vector: [Float]

  static func all() throws -> [Golden] {
    let folder = "\(sourceFolder)/Goldens"
    let rows = try #require(JSON(parsing: bytes(of: "\(folder)/texts.json")).array)
    let vectors = try bytes(of: "\(folder)/vectors.f32").withUnsafeBytes { bytes in
      try #require(bytes.count == rows.count * Encoder.dimension * MemoryLayout<Float>.size)
      return stride(from: 0, to: bytes.count, by: MemoryLayout<UInt32>.size).map { offset in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
    }
    return try rows.enumerated().map { index, row in
      Golden(
        name: try #require(row["name"]?.string),
        text: try #require(row["text"]?.string),
        tokens: try #require(row["tokens"]?.array).map { Int32(try #require($0.integer)) },
        vector: Array(vectors[index * Encoder.dimension..<(index + 1) * Encoder.dimension]))
    }
  }
}

/// The folder of the model under test; loading from it fails with what to do when it is not there.
let modelFolder =
  ProcessInfo.processInfo.environment["REELMILL_TEST_MODEL"]
  ?? "\(sourceFolder)/../../.reelmill/models/all-MiniLM-L6-v2"

private let sourceFolder = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.startIndex)

func bytes(of path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

/// The cosine of the angle between two vectors.
func cosine(_ left: [Float], _ right: [Float]) -> Double {
  func product(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  return product(left, right) / (product(left, left) * product(right, right)).squareRoot()
}

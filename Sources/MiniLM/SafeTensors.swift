internal import JSON

/// A safetensors file: named tensors, described by a JSON header, whose values are used where they are mapped.
///
/// Source: https://github.com/huggingface/safetensors, section "Format".
struct SafeTensors: Sendable {
  /// A header larger than this many bytes is refused (the format allows 100 MB; this model needs 12 kB).
  static let maximumHeader = 1 << 20

  private let file: MappedFile
  private let entries: [String: Entry]

  /// Where a tensor lies in the file and what it is.
  private struct Entry {
    let type: String
    let shape: [Int]
    let range: Range<Int>
  }

  /// Maps the file and checks its header: each tensor as long as its type and shape say, all of them together
  /// covering the rest of the file without gap or overlap.
  ///
  /// - Throws: why the file cannot be used.
  init(path: String) throws(ModelError) {
    let file = try MappedFile(path: path)
    do throws(Malformed) {
      entries = try Self.entries(of: file.bytes)
    } catch {
      throw .malformed(path: path, problem: error.problem)
    }
    self.file = file
  }

  /// The 32-bit floats of that name.
  ///
  /// - Throws: `malformed` if there is no such tensor or it has another type or shape.
  func tensor(_ name: String, shape: [Int]) throws(ModelError) -> Tensor {
    guard let entry = entries[name] else {
      throw .malformed(path: file.path, problem: "it has no tensor `\(name)`")
    }
    guard entry.type == "F32", entry.shape == shape, !entry.range.isEmpty else {
      throw .malformed(
        path: file.path,
        problem: "tensor `\(name)` must be F32 \(shape), found \(entry.type) \(entry.shape)")
    }
    guard entry.range.lowerBound.isMultiple(of: MemoryLayout<Float>.alignment) else {
      throw .malformed(path: file.path, problem: "tensor `\(name)` is not aligned for floats")
    }
    return Tensor(file: file, range: entry.range, shape: shape)
  }
}

/// What is wrong with a file whose path the caller knows.
private struct Malformed: Error {
  let problem: String
}

extension SafeTensors {
  private static func entries(of bytes: UnsafeRawBufferPointer) throws(Malformed) -> [String: Entry] {
    let prefix = MemoryLayout<UInt64>.size
    guard bytes.count >= prefix else { throw Malformed(problem: "it ends inside the length of its header") }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= maximumHeader else {
      throw Malformed(problem: "its header claims \(length) bytes, at most \(maximumHeader) are allowed")
    }
    let start = prefix + Int(length)
    guard start <= bytes.count else { throw Malformed(problem: "it ends inside its header") }
    let header: JSON
    do throws(JSONError) {
      header = try JSON(parsing: Array(bytes[prefix..<start]))
    } catch {
      throw Malformed(problem: "its header is \(error)")
    }
    guard let members = header.object else {
      throw Malformed(problem: "its header must be an object, found \(header.kind)")
    }
    var entries: [String: Entry] = [:]
    for (name, description) in members where name != "__metadata__" {
      entries[name] = try entry(name, description, dataStart: start, fileEnd: bytes.count)
    }
    try checkCoverage(entries, from: start, to: bytes.count)
    return entries
  }

  private static func entry(
    _ name: String, _ description: JSON, dataStart: Int, fileEnd: Int
  ) throws(Malformed) -> Entry {
    guard let type = description["dtype"]?.string, let size = sizes[type],
      let shape = integers(description["shape"]), let offsets = integers(description["data_offsets"]),
      offsets.count == 2, offsets[0] <= offsets[1]
    else {
      throw Malformed(problem: "tensor `\(name)` needs a known dtype, a shape and two data_offsets in order")
    }
    guard offsets[1] <= fileEnd - dataStart else {
      throw Malformed(problem: "tensor `\(name)` lies beyond the end of the file")
    }
    var count = size
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw Malformed(problem: "tensor `\(name)` has an impossible shape \(shape)") }
      count = product
    }
    guard count == offsets[1] - offsets[0] else {
      throw Malformed(
        problem: "tensor `\(name)`, \(type) \(shape), needs \(count) bytes, has \(offsets[1] - offsets[0])")
    }
    return Entry(type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// The bytes of one element.
  private static let sizes = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1,
    "U8": 1, "BOOL": 1,
  ]

  /// The elements of an array of whole numbers, none negative; nil if it is anything else.
  private static func integers(_ value: JSON?) -> [Int]? {
    guard let elements = value?.array else { return nil }
    var integers: [Int] = []
    for element in elements {
      guard let integer = element.integer, integer >= 0 else { return nil }
      integers.append(Int(integer))
    }
    return integers
  }

  private static func checkCoverage(_ entries: [String: Entry], from start: Int, to end: Int) throws(Malformed) {
    var position = start
    for (name, entry) in entries.sorted(by: { $0.value.range.lowerBound < $1.value.range.lowerBound })
    where !entry.range.isEmpty {
      guard entry.range.lowerBound == position else {
        throw Malformed(problem: "tensor `\(name)` leaves a gap or overlaps another")
      }
      position = entry.range.upperBound
    }
    guard position == end else { throw Malformed(problem: "\(end - position) bytes at its end belong to no tensor") }
  }
}

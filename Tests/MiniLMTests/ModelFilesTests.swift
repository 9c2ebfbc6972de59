internal import FoundationEssentials
internal import MiniLM
internal import TestSupport
internal import Testing

@Suite struct ModelFilesTests {
  @Test func `a model that is not there says how to get it`() async throws {
    try await withFolder { folder in
      let error = try #require(throws: ModelError.self) { try Encoder.load(folder) }
      #expect(error == .missing(path: "\(folder)/vocab.txt"))
      #expect(error.description.contains("scripts/fetch-model"))
    }
  }

  @Test func `a vocabulary without weights is not enough`() async throws {
    try await withFolder { folder in
      try write(specials, to: "\(folder)/vocab.txt")
      #expect(throws: ModelError.missing(path: "\(folder)/model.safetensors")) { try Encoder.load(folder) }
    }
  }

  @Test(arguments: [
    ("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "it has no piece [MASK]"),
    ("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n##the\nthe\n", "line 8 repeats an earlier one"),
    ("", "expected a file with content"),
  ])
  func `a vocabulary that cannot be one is refused`(content: String, problem: String) async throws {
    try await withFolder { folder in
      let path = "\(folder)/vocab.txt"
      try write(Array(content.utf8), to: path)
      #expect(throws: ModelError.malformed(path: path, problem: problem)) { try Encoder.load(folder) }
    }
  }

  @Test(arguments: [
    (safetensors(claiming: 1 << 40), "claims 1099511627776 bytes"),
    (safetensors(claiming: 10), "ends inside its header"),
    ([1, 2, 3], "ends inside the length of its header"),
    (safetensors("{"), "not valid JSON"),
    (safetensors("[]"), "must be an object, found an array"),
    (safetensors(#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, data: 4), "needs a known dtype"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, data: 4), "needs a known dtype"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: 4), "two data_offsets in order"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, data: 4), "two data_offsets in order"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: 4), "needs 8 bytes, has 4"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 4), "lies beyond the end"),
    (
      safetensors(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, data: 4),
      "impossible shape"
    ),
    (safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, data: 8), "leaves a gap or overlaps"),
    (safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 7), "3 bytes at its end"),
    (
      safetensors(
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, data: 4), "leaves a gap or overlaps"
    ),
    (safetensors("{}"), "has no tensor `embeddings.word_embeddings.weight`"),
    (
      safetensors(#"{"embeddings.word_embeddings.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4),
      "must be F32 [5, 384], found F32 [1]"
    ),
  ])
  func `weights that cannot be the model's are refused`(content: [UInt8], problem: String) async throws {
    try await withFolder { folder in
      try write(specials, to: "\(folder)/vocab.txt")
      try write(content, to: "\(folder)/model.safetensors")
      let error = try #require(throws: ModelError.self) { try Encoder.load(folder) }
      guard case .malformed("\(folder)/model.safetensors", let found) = error else {
        Issue.record("expected a malformed file, found: \(error)")
        return
      }
      #expect(found.contains(problem))
    }
  }

  @Test(arguments: [4, 5_000, 1_000_000])
  func `weights cut short are refused`(count: Int) async throws {
    let whole = try bytes(of: "\(modelFolder)/model.safetensors")
    try await withFolder { folder in
      try write(try bytes(of: "\(modelFolder)/vocab.txt"), to: "\(folder)/vocab.txt")
      try write(Array(whole.prefix(count)), to: "\(folder)/model.safetensors")
      let error = try #require(throws: ModelError.self) { try Encoder.load(folder) }
      guard case .malformed = error else {
        Issue.record("expected a malformed file, found: \(error)")
        return
      }
    }
  }

  private let specials = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".utf8)

  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// A safetensors file with that header and so many bytes of data, zeros.
  private static func safetensors(_ header: String = "", data: Int = 0, claiming length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array(header.utf8)
      + Array(repeating: 0, count: data)
  }
}

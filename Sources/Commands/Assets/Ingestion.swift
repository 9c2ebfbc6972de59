internal import Blobs
internal import Concurrency
internal import Configuration
internal import Engine
internal import Glibc
internal import Media
internal import Pipeline

/// Takes single files into the library: content first, then one transaction.
struct Ingestion: Sendable {
  /// What was taken in.
  struct Taken: Sendable {
    let id: AssetID
    let path: String
    let mediaType: MediaType
    let title: String
    let outcome: Intake.Outcome
  }

  private let library: OpenLibrary
  private let lane: Lane
  private let title: String?
  private let tags: [String]
  private let id: String?
  private let organisation: String
  private let owner: String

  /// - Parameters:
  ///   - title: the file's name without its ending when nil.
  ///   - id: a UUID or a slug; derived from the content when nil.
  init(library: OpenLibrary, settings: ResolvedSettings, lane: Lane, title: String?, tags: [String], id: String?) {
    self.library = library
    self.lane = lane
    self.title = title
    self.tags = tags
    self.id = id
    organisation = settings[ReelmillSettings.organisation]
    owner = settings[ReelmillSettings.owner]
  }

  /// Takes one file in; `-` stands for standard input.
  func take(_ path: String) async throws(IngestionError) -> Taken {
    guard let blobOwner = BlobOwner(organisation) else {
      throw .refused("`\(organisation)` cannot be the name of an organisation: a-z, 0-9 and - only")
    }
    let source = try await store(path, for: blobOwner)
    guard source.size > 0 else { throw .refused("the file is empty") }
    let mediaType = try await mediaType(of: source, named: path)
    var sidecar: BlobReference?
    if mediaType == .video || mediaType == .audio, let subtitles = Sidecar.subtitles(beside: path) {
      sidecar = reference(try await store(subtitles, for: blobOwner))
    }
    let name = path == "-" ? nil : path.split(separator: "/").last.map(String.init)
    let asset = NewAsset(
      id: try assetID(for: source), slug: id.flatMap { AssetID.isSlug($0) ? $0 : nil }, organisation: organisation,
      owner: owner, mediaType: mediaType, title: title ?? name.map(Self.title) ?? "Untitled", tags: tags,
      fileName: name, source: reference(source), sidecar: sidecar)
    do throws(IntakeError) {
      let outcome = try await library.intake.add(asset, lane: lane)
      return Taken(id: asset.id, path: path, mediaType: mediaType, title: asset.title, outcome: outcome)
    } catch { throw .failed("\(error)") }
  }

  private func store(_ path: String, for owner: BlobOwner) async throws(IngestionError) -> Blob {
    do {
      guard path == "-" else { return try await library.blobs.write(file: path, for: owner) }
      return try await library.blobs.write(for: owner) { writer in
        while let chunk = await StandardInput.read() { try await writer.append(chunk) }
      }
    } catch let error as BlobError {
      // The caller names the file already; a blob's folder it does not.
      throw .unreadable(error.path == path ? "\(Self.reason(error, path))" : "\(error)")
    } catch { throw .unreadable("\(error)") }
  }

  private static func reason(_ error: BlobError, _ path: String) -> String {
    guard error.kind == .notFound, path.unicodeScalars.contains("\u{FFFD}") else {
      return "\(error.kind.rawValue): \(error.detail)"
    }
    return "the file's name is not valid UTF-8; rename it"
  }

  private func mediaType(of blob: Blob, named name: String) async throws(IngestionError) -> MediaType {
    do {
      return try await library.blobs.withFile(blob.id) { try await MediaTypeOfFile.detect($0, named: name) }
    } catch let error as IngestionError { throw error } catch { throw .unreadable("\(error)") }
  }

  private func assetID(for blob: Blob) throws(IngestionError) -> AssetID {
    guard let id else { return AssetID(content: blob.id.digest, owner: owner, organisation: organisation) }
    do { return try AssetID(parsing: id) } catch { throw .refused("\(error)") }
  }

  private func reference(_ blob: Blob) -> BlobReference {
    BlobReference(digest: blob.id.digest, size: Int64(blob.size))
  }

  /// A file's name without its ending, as people would write it.
  private static func title(_ name: String) -> String {
    let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
    let words = stem.map { $0 == "_" || $0.isNewline ? " " : $0 }
    return String(words)
  }
}

/// Why a file was not taken in.
enum IngestionError: Error, CustomStringConvertible {
  case unreadable(String)
  case refused(String)
  case failed(String)

  var description: String {
    switch self {
    case .unreadable(let why), .refused(let why), .failed(let why): why
    }
  }
}

/// This process's standard input, read off the cooperative pool.
enum StandardInput {
  private static let chunk = 1 << 18

  /// The next bytes; nil at the end.
  static func read() async -> [UInt8]? {
    await withCheckedContinuation { continuation in
      startThread(name: "stdin") {
        let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
          count = max(0, Glibc.read(STDIN_FILENO, buffer.baseAddress, chunk))
        }
        continuation.resume(returning: bytes.isEmpty ? nil : bytes)
      }
    }
  }
}

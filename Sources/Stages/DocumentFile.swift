internal import Concurrency
internal import Documents
internal import FoundationEssentials
internal import Pipeline

/// The source of a text asset, read on a thread that may wait for the disk and may take its time over a long text.
struct DocumentFile {
  private static let pool = BlockingPool(name: "documents", threadCount: 2)

  /// In bytes.
  private static let limit = Int64(DecodedText.defaultLimit)

  private let context: any StageContext

  init(_ context: any StageContext) { self.context = context }

  func read() async throws(StageFailure) -> Document {
    let source = try context.source()
    guard source.size <= Self.limit else {
      throw .permanent(
        "text.too-large",
        "the text has \(source.size) bytes, and \(Self.limit) is the most: split the file")
    }
    let path = try await context.path(of: source)
    let (name, contentType) = (context.asset.fileName, try context.facts().contentType)
    let result: Result<Document, StageFailure>
    do throws(BlockingPool.Refusal) {
      result = try await Self.pool.run { Self.document(at: path, name: name, contentType: contentType) }
    } catch {
      switch error {
      case .cancelled: throw StageFailure(.interrupted, code: "run.cancelled", error.description)
      case .full: throw .transient("text.busy", error.description)
      }
    }
    return try result.get()
  }

  private static func document(
    at path: String, name: String?, contentType: String
  ) -> Result<Document, StageFailure> {
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(.transient("storage.unreadable", "cannot read the file \(path)"))
    }
    let bytes = Array(data)
    do throws(DocumentError) {
      let format = try DocumentFormat.detect(name: name, mediaType: contentType, bytes: bytes)
      return .success(try Document(bytes, format: format))
    } catch {
      return .failure(.permanent("text.unreadable", error.description))
    }
  }
}

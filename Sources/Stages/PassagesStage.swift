internal import Documents
internal import JSON
package import Pipeline

/// Makes searchable passages of all that an asset says: its text or speech, what its picture shows, its title and the
/// labels that people gave it.
package struct PassagesStage: Stage {
  package let declaration: StageDeclaration

  package init() {
    let spoken: [Input] = [.optional(.title), .optional(.transcript), .optional(.manualLabels)]
    let seen: [Input] = [.optional(.title), .optional(.labels), .optional(.manualLabels)]
    declaration = StageDeclaration(
      name: StageName("passages"), writes: .passages,
      reads: [
        .text: [.required(.source), .required(.facts), .optional(.title), .optional(.manualLabels)],
        .video: spoken, .audio: spoken, .image: seen, .keyframe: seen,
      ],
      policy: StagePolicy(concurrency: 64, deadline: .seconds(120)))
  }

  @concurrent
  package func run(_ context: any StageContext) async throws(StageFailure) -> StageOutcome {
    var pieces = PassagePieces()
    pieces.add(title: context.input(.title)?.value.string)
    switch context.asset.mediaType {
    case .text: pieces.add(try await DocumentFile(context).read())
    case .video, .audio: pieces.add(try context.value(.transcript, as: Transcript.self))
    case .image, .keyframe: pieces.add(try context.value(.labels, as: Labels.self))
    }
    pieces.add(manualLabels: context.input(.manualLabels)?.value.array?.compactMap(\.string) ?? [])
    let passages = pieces.passages()
    guard !passages.isEmpty else { return .finished(.empty(because: "nothing to search for: no text and no title")) }
    return .finished(StageOutput(value: PassageSet(passages: passages).json))
  }
}

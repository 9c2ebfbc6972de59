internal import Arguments
internal import Engine
internal import JSON
internal import Pipeline

/// `reelmill topology`
struct TopologyCommand: Command {
  static let format = Option(
    "format", .choice(of: ["text", "mermaid", "json"]), default: "text", help: "How it is printed.")

  let declaration = CommandDeclaration(
    "topology", summary: "print the pipeline: what each stage reads and writes, and its queues",
    discussion: "The graph is derived from what the stages read and write. It needs no services.",
    arguments: [Self.format],
    examples: [.init("reelmill topology --format mermaid", "a picture for documents")])

  func run(_ arguments: ParsedArguments, in context: CommandContext) async throws {
    let graph = try PipelineGraph(StageCatalog.declarations(context.settings))
    switch context.wantsJSON ? "json" : arguments[Self.format] {
    case "json": context.print(Self.json(graph))
    case "mermaid": context.print(Self.mermaid(graph))
    default: context.print(Self.text(graph))
    }
  }

  private static func text(_ graph: PipelineGraph) -> String {
    graph.stages.map { stage in
      let reads = stage.reads.sorted { $0.key.rawValue < $1.key.rawValue }.map { mediaType, inputs in
        "    \(mediaType.rawValue): \(inputs.map(\.phrase).joined(separator: ", "))"
      }
      return (["\(stage.name) → \(stage.writes)"] + reads).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func mermaid(_ graph: PipelineGraph) -> String {
    var lines = ["flowchart LR"]
    for stage in graph.stages {
      lines.append("  \(stage.name)[\(stage.name)]")
      for kind in stage.allReads {
        let source = graph.writer(of: kind)?.name.rawValue ?? "given-\(kind)([\(kind)])"
        lines.append("  \(source) -- \(kind) --> \(stage.name)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func json(_ graph: PipelineGraph) -> JSON {
    let queues = Topology(stages: graph.stages).queues.map { queue in
      JSON.object([
        "name": .string(queue.name),
        "bindings": .array(
          queue.bindings.map { ["exchange": .string($0.exchange), "pattern": .string($0.pattern)] }),
      ])
    }
    let stages = graph.stages.map { stage in
      JSON.object([
        "name": .string(stage.name.rawValue), "writes": .string(stage.writes.rawValue),
        "version": .integer(Int64(stage.definition.version)), "cost": .string(stage.policy.cost.rawValue),
        "reads": .object(
          Dictionary(
            uniqueKeysWithValues: stage.reads.map { mediaType, inputs in
              (mediaType.rawValue, .array(inputs.map { .string($0.phrase) }))
            })),
      ])
    }
    return ["stages": .array(stages), "queues": .array(queues)]
  }
}

extension Input {
  fileprivate var phrase: String {
    switch requirement {
    case .required: kind.rawValue
    case .optional: "\(kind)?"
    case .onlyWithout: "only without \(kind)"
    }
  }
}

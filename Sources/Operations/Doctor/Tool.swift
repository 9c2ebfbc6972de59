/// A program that stages call.
package struct Tool: Sendable {
  package let name: String
  /// The Debian package that brings it.
  let package: String
  /// Arguments that make it say its version; nil for one that does not.
  let versionArguments: [String]?
  let minimum: SoftwareVersion?
  /// What does not work without it.
  let purpose: String

  /// Every tool that a stage of ours calls.
  package static let all: [Tool] = [
    Tool(
      name: "ffmpeg", package: "ffmpeg", versionArguments: ["-version"], minimum: SoftwareVersion(5, 1),
      purpose: "video and audio are not treated"),
    Tool(
      name: "ffprobe", package: "ffmpeg", versionArguments: ["-version"], minimum: SoftwareVersion(5, 1),
      purpose: "no content is recognised"),
    Tool(
      name: "tesseract", package: "tesseract-ocr", versionArguments: ["--version"], minimum: SoftwareVersion(4, 1),
      purpose: "text on images is not read"),
    Tool(
      name: "pocketsphinx_continuous", package: "pocketsphinx pocketsphinx-en-us", versionArguments: nil,
      minimum: nil, purpose: "speech is not written down, unless another provider is set"),
    Tool(
      name: "bwrap", package: "bubblewrap", versionArguments: ["--version"], minimum: SoftwareVersion(0, 4),
      purpose: "programs that read foreign files are not confined"),
  ]

  /// What was found of a tool.
  package enum Finding: Sendable, Equatable {
    case missing
    /// It is there, and does not say its version.
    case present(path: String)
    case version(SoftwareVersion, path: String)
    /// It is there, and does not run.
    case broken(path: String, problem: String)
  }

  package func judge(_ finding: Finding) -> Check {
    switch finding {
    case .missing:
      .fail(name, "not found in PATH: \(purpose)", fix: "apt-get install \(package)")
    case .present(let path): .pass(name, path)
    case .version(let version, let path):
      if let minimum, version < minimum {
        .fail(
          name, "\(version) at \(path); expected \(minimum) or later",
          fix: "apt-get install \(package), from Debian 12 or later")
      } else {
        .pass(name, "\(version) at \(path)")
      }
    case .broken(let path, let problem):
      .fail(name, "\(path) \(problem): \(purpose)", fix: "apt-get install --reinstall \(package)")
    }
  }
}

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
  /// Whether nothing can replace it.
  let isRequired: Bool
  /// A file that it is of no use without, from one of the packages; nil if there is none.
  var companion: String?

  /// Every tool that a stage of ours calls.
  package static let all: [Tool] = [
    Tool(
      name: "ffmpeg", package: "ffmpeg", versionArguments: ["-version"], minimum: SoftwareVersion(5, 1),
      purpose: "video and audio are not treated", isRequired: true),
    Tool(
      name: "ffprobe", package: "ffmpeg", versionArguments: ["-version"], minimum: SoftwareVersion(5, 1),
      purpose: "no content is recognised", isRequired: true),
    Tool(
      name: "tesseract", package: "tesseract-ocr", versionArguments: ["--version"], minimum: SoftwareVersion(4, 1),
      purpose: "text on images is not read, unless another provider is set", isRequired: false),
    Tool(
      name: "pocketsphinx_continuous", package: "pocketsphinx pocketsphinx-en-us", versionArguments: nil,
      minimum: nil, purpose: "speech is not written down, unless another provider is set", isRequired: false,
      companion: "/usr/share/pocketsphinx/model/en-us/en-us/mdef"),
    Tool(
      name: "bwrap", package: "bubblewrap", versionArguments: ["--version"], minimum: SoftwareVersion(0, 4),
      purpose: "programs that read foreign files are not confined", isRequired: false),
  ]

  /// What was found of a tool.
  package enum Finding: Sendable, Equatable {
    case missing
    /// It is there, and does not say its version.
    case present(path: String)
    case version(SoftwareVersion, path: String)
    /// It is there, and of no use.
    case broken(path: String, problem: String)
  }

  /// The check that follows from what was found.
  package func judge(_ finding: Finding) -> Check {
    switch finding {
    case .missing:
      objection("not found in PATH: \(purpose)", fix: "apt-get install \(package)")
    case .present(let path): .pass(name, path)
    case .version(let version, let path):
      if let minimum, version < minimum {
        objection(
          "\(version) at \(path); expected \(minimum) or later",
          fix: "apt-get install \(package), from Debian 12 or later")
      } else {
        .pass(name, "\(version) at \(path)")
      }
    case .broken(let path, let problem):
      objection("\(path) \(problem): \(purpose)", fix: "apt-get install --reinstall \(package)")
    }
  }

  private func objection(_ found: String, fix: String) -> Check {
    isRequired ? .fail(name, found, fix: fix) : .warn(name, found, fix: fix)
  }
}

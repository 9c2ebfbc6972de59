internal import Subprocess

/// Media to try things with, made on this machine: nothing is downloaded, and the content is known.
package struct SampleMedia: Sendable {
  /// A file that was made.
  package struct File: Sendable, Equatable {
    package enum Kind: String, Sendable {
      case video, audio, image, text
    }

    package let path: String
    package let kind: Kind
    package let title: String
  }

  /// What each file is for.
  package enum Sample: String, Sendable, CaseIterable {
    /// A video with speech and on-screen text: three slides of different colours.
    case harbourTour = "harbour-tour.mp4"
    /// An audio file with speech.
    case radioNote = "radio-note.mp3"
    /// A picture with text.
    case poster = "poster.png"
    /// Markdown text.
    case guide = "guide.md"
    /// A video without speech whose words are in a subtitle stream.
    case silentLesson = "silent-lesson.mkv"
    /// Music and no word.
    case music = "evening-music.wav"
  }

  /// Why samples could not be made.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  private let ffmpeg: String

  /// - Parameter ffmpeg: the program; a name is looked for in `PATH`.
  package init(ffmpeg: String = "ffmpeg") { self.ffmpeg = ffmpeg }

  /// Makes all samples in the folder, over those that are there already.
  package func make(in folder: String) async throws(Failure) -> [File] {
    var files: [File] = []
    for sample in Sample.allCases { files.append(try await make(sample, in: folder)) }
    return files
  }

  /// Makes one sample in the folder.
  ///
  /// - Throws: which program or package is missing, or what it complained.
  package func make(_ sample: Sample, in folder: String) async throws(Failure) -> File {
    for (name, text) in sample.texts { try await Self.write(text, to: "\(folder)/\(name)") }
    if let arguments = sample.arguments { try await run(arguments, in: folder) }
    for (name, _) in sample.texts where name != sample.rawValue { try await Self.remove("\(folder)/\(name)") }
    return File(path: "\(folder)/\(sample.rawValue)", kind: sample.kind, title: sample.title)
  }

  /// Runs ffmpeg with inputs and outputs that are ours.
  private func run(_ arguments: [String], in folder: String) async throws(Failure) {
    let command = Command(
      ffmpeg, ["-nostdin", "-hide_banner", "-v", "error", "-y"] + arguments, workingDirectory: folder,
      deadline: .seconds(300))
    let outcome: ProcessOutcome
    do throws(SubprocessError) {
      outcome = try await command.run()
    } catch {
      throw Failure(description: "\(error); install ffmpeg")
    }
    guard outcome.isSuccess else {
      throw Failure(
        description: "ffmpeg \(outcome.termination) while it made a sample; it needs the voices and fonts of Debian's "
          + "ffmpeg and fonts-dejavu-core: \(outcome.standardError)")
    }
  }
}

import FoundationEssentials
import Glibc
import JSON
import Subprocess
import TestSupport
import Testing

extension WithSamples {
  /// Files that are not what they should be: each is named with what is wrong and what to do, and the others are taken.
  @Suite struct BadFileTests {
    let library: Library
    let reelmill: Reelmill

    init() throws {
      library = try WithSamples.library
      reelmill = library.reelmill
    }

    /// Ingests a file that is refused, together with one that is good.
    private func refusal(of name: String, _ bytes: [UInt8]) async throws -> String {
      let folder = "refused-\(UUID().uuidString)"
      try library.write("\(folder)/\(name)", bytes: bytes)
      try library.write("\(folder)/zz-good.txt", "A good text beside \(folder).")
      let answer = try await reelmill("ingest", folder, "--json")
      #expect(answer.code == 1)
      #expect(try answer.jsonLines.map { $0["path"] } == [.string("\(folder)/zz-good.txt")])
      #expect(answer.complaint.contains("1 taken in, 1 not"))
      return answer.complaint
    }

    /// Ingests a file that is taken, and given up by a stage.
    private func deadLetter(of name: String, _ bytes: [UInt8]) async throws -> JSON {
      let title = "given up \(UUID().uuidString)"
      let path = try library.write("\(title)/\(name)", bytes: bytes)
      let id = try await library.ingest(path, "--title", title)
      var letter: JSON?
      try await eventually("there is a dead letter of \(name)", within: .seconds(60)) {
        let letters = try await reelmill.succeeds("dlq", "list", "--json", "-n", "100").json["letters"]?.array ?? []
        letter = letters.first { $0["asset"]?.string == id }
        return letter != nil
      }
      try await eventually("the title is found all the same", within: .seconds(60)) {
        try await reelmill.succeeds("search", "--json", "\"\(title)\"").jsonLines.contains {
          $0["assetId"]?.string == id
        }
      }
      let found = try #require(letter)
      let shown = try await reelmill.succeeds("dlq", "show", found["id"]?.string ?? "")
      #expect(shown.output.contains(title))
      return found
    }

    @Test func `an empty file`() async throws {
      #expect(try await refusal(of: "empty.txt", []).contains("empty.txt: the file is empty"))
    }

    @Test func `a text that is named like a video`() async throws {
      let complaint = try await refusal(of: "talk.mp4", Array("This is no video.".utf8))
      #expect(complaint.contains("the name promises video, the content is text") && complaint.contains("rename it"))
    }

    @Test func `a playlist that is named like a video`() async throws {
      let complaint = try await refusal(of: "talk.mp4", Array("#EXTM3U\n#EXTINF:10,\n/etc/passwd\n".utf8))
      #expect(complaint.contains("a playlist names other files"))
    }

    @Test func `binary data that is named like a text`() async throws {
      let complaint = try await refusal(of: "notes.txt", (0..<4000).map { [0, 1, 250, 3, 128][$0 % 5] })
      #expect(complaint.contains("neither a recording nor text"))
    }

    @Test func `a text with a NUL byte`() async throws {
      let complaint = try await refusal(of: "notes.txt", Array("before\0after, and some more text\n".utf8))
      #expect(complaint.contains("a text holds no NUL bytes"))
    }

    @Test func `a text in Latin-1 is read`() async throws {
      let text = "Die Br\u{FC}cke \u{FC}ber den Flu\u{DF} ist sch\u{F6}n und gr\u{FC}n.\n"
      let path = try library.write("latin1.txt", bytes: text.unicodeScalars.map { UInt8($0.value) })
      try await reelmill.succeeds("ingest", path, "--wait")
      let hits = try await reelmill.succeeds("search", "Br\u{FC}cke", "--json").jsonLines
      #expect(hits.first?["title"] == "latin1")
    }

    @Test func `a video that was cut off`() async throws {
      let whole = try #require(FileManager.default.contents(atPath: "\(library.folder)/samples/harbour-tour.mp4"))
      let letter = try await deadLetter(of: "cut.mp4", Array(whole.prefix(20_000)))
      #expect(letter["errorCode"] == "media.truncated")
      #expect(letter["error"]?.string?.contains("upload it again") == true)
    }

    @Test func `a picture of 50000 by 50000 points`() async throws {
      // The header alone is right; nothing that reads it may make room for 7.5 GB.
      var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
      png += Array("IHDR".utf8) + [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, 8, 2, 0, 0, 0, 0, 0, 0, 0]
      let letter = try await deadLetter(of: "huge.png", png)
      #expect(letter["errorCode"] == "media.too-many-pixels", "\(letter)")
    }

    @Test func `a container with neither picture nor sound`() async throws {
      let made = try await reelmill.shell(
        "ffmpeg -v error -y -i samples/silent-lesson.mkv -map 0:s -c copy only-subtitles.mkv")
      #expect(made.code == 0)
      let bytes = try #require(FileManager.default.contents(atPath: "\(library.folder)/only-subtitles.mkv"))
      #expect(try await deadLetter(of: "nothing.mkv", Array(bytes))["errorCode"] == "media.no-streams")
    }

    @Test func `a recording that lasts no time`() async throws {
      #expect(
        try await deadLetter(of: "zero.wav", WAV.header(dataBytes: 0))["errorCode"] == "media.no-duration")
    }

    @Test func `subtitles whose times cannot be read do not hold their media back`() async throws {
      try library.write("broken/film.srt", "1\n00:00:9x,500 --> never\nHello\n\nnonsense")
      let made = try await reelmill.shell("ffmpeg -v error -f lavfi -i testsrc=s=64x64:d=1 broken/film.mp4")
      #expect(made.code == 0, "\(made.complaint)")
      let id = try await library.ingest("broken/film.mp4", "--wait", "--title", "Broken subtitles")
      let report = try await reelmill.succeeds("show", id, "--json").json
      let captions = try #require(report["stages"]?.array?.first { $0["stage"] == "captions" })
      #expect(captions["explanation"]?.string?.contains("cue") == true, "\(captions)")
      #expect(
        report["stages"]?.array?.contains { $0["stage"] == "keyframes" && $0["condition"] == "up-to-date" } == true)
    }

    @Test func `strange names are names like others`() async throws {
      let names = [
        "new\nline.txt", "quo\"te's.txt", "$(touch x); `y`.txt", "-x.txt", "--wait.txt", "ünïcödé 🎬.txt", "%s%n.txt",
      ]
      for name in names { try library.write("strange/\(name)", "The content of a file called \(name).") }
      let taken = try await reelmill.succeeds("ingest", "strange", "--json").jsonLines
      #expect(Set(taken.compactMap { $0["path"]?.string }) == Set(names.map { "strange/\($0)" }))
      let dash = try await reelmill.shell(
        "cd strange && reelmill ingest ./-x.txt && reelmill ingest -- -x.txt --wait.txt")
      #expect(dash.code == 0, "\(dash.complaint)")
      let above = try await reelmill("ingest", "samples/../strange/../strange/-x.txt", "--json")
      #expect(try above.jsonLines.first?["outcome"] == "unchanged")
    }

    @Test func `a name that is not UTF-8 is told, and the rest is taken`() async throws {
      let answer = try await reelmill.shell(
        """
        mkdir odd && echo first >odd/first.txt && echo odd >odd/$'caf\\xe9.txt' && echo last >odd/last.txt
        reelmill ingest odd --json
        """)
      #expect(answer.code == 1)
      #expect(try answer.jsonLines.count == 2)
      #expect(answer.complaint.contains("not valid UTF-8; rename it"), "\(answer.complaint)")
    }

    @Test func `a file that is not there is told, and the rest is taken`() async throws {
      try library.write("here.txt", "I am here.")
      let answer = try await reelmill("ingest", "gone.mp4", "here.txt", "--json")
      #expect(answer.code == 1 && answer.complaint.contains("gone.mp4: not found"))
      #expect(try answer.jsonLines.count == 1)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
    func `what may not be read is told, and the rest is taken`() async throws {
      let answer = try await reelmill.shell(
        """
        mkdir -p closed/locked own && chmod 700 closed/locked && echo open >closed/open.txt
        echo secret >closed/secret.txt && chmod 600 closed/secret.txt && chmod 777 own
        export REELMILL_FOLDER="$PWD/own"
        setpriv --reuid nobody --regid nogroup --clear-groups "$(command -v reelmill)" ingest closed --json
        """)
      #expect(answer.code == 1)
      #expect(try answer.jsonLines.map { $0["path"] } == ["closed/open.txt"])
      #expect(answer.complaint.contains("closed/locked: the folder cannot be read: Permission denied"))
      #expect(answer.complaint.contains("closed/secret.txt: no permission"))
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
    func `a full disk is told, and nothing half-written stays`() async throws {
      let answer = try await reelmill.shell(
        """
        mkdir -p tiny && mount -t tmpfs -o size=1m tmpfs tiny || exit 99
        trap 'umount tiny' EXIT
        head -c 3000000 /dev/zero | tr '\\0' 'a' >large.txt && echo small >small.txt
        REELMILL_BLOBS_FOLDER="$PWD/tiny" reelmill ingest large.txt small.txt --json
        code=$?
        find tiny -type f -size +100k -printf 'left behind: %p\\n' >&2
        exit "$code"
        """)
      // Where not even root may mount, there is nothing to see.
      if answer.code == 99 { return }
      #expect(answer.code == 1)
      #expect(answer.complaint.contains("no space left"), "\(answer.complaint)")
      #expect(!answer.complaint.contains("left behind"), "\(answer.complaint)")
      #expect(try answer.jsonLines.map { $0["path"] } == ["small.txt"], "\(answer.complaint)")
    }
  }
}

/// Sound in its plainest form: one channel, 16 kHz, 16 bits.
enum WAV {
  static func header(dataBytes: UInt32) -> [UInt8] {
    func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    return Array("RIFF".utf8) + bytes(dataBytes &+ 36) + Array("WAVEfmt ".utf8) + bytes(16) + [1, 0, 1, 0]
      + bytes(16_000) + bytes(32_000) + [2, 0, 16, 0] + Array("data".utf8) + bytes(dataBytes)
  }
}

extension SampleMedia.Sample {
  /// What ffmpeg makes it from; nil for texts.
  var arguments: [String]? {
    switch self {
    case .harbourTour: harbourTour
    case .radioNote: Self.speak(speech) + ["-c:a", "libmp3lame", "-b:a", "64k", rawValue]
    case .poster: poster
    case .guide: nil
    case .silentLesson: silentLesson
    case .music: music
    }
  }

  /// Seconds of each of the tour's slides; a sentence takes less.
  package static let slideSeconds = 5

  private var harbourTour: [String] {
    let places = [("0x1b3a4b", 120), ("0x8a4b1e", 460), ("0x10240f", 800)]
    let slides = zip(places, onScreen).map { place, text in
      let (colour, x) = place
      let input = "color=c=\(colour):s=1280x720:r=25:d=\(Self.slideSeconds)"
      return "\(input),\(Self.text(text, size: 72, colour: "white", x: "(w-text_w)/2", y: "120"))"
        + ",drawbox=x=\(x):y=300:w=360:h=300:color=white@0.4:t=fill"
    }
    var arguments = slides.flatMap { ["-f", "lavfi", "-i", $0] }
    arguments += speech.flatMap { ["-f", "lavfi", "-i", Self.voice($0)] }
    let padded = (3...5).map { "[\($0):a]apad=whole_dur=\(Self.slideSeconds)[a\($0)]" }.joined(separator: ";")
    let joined = "[0:v][a3][1:v][a4][2:v][a5]concat=n=3:v=1:a=1[v][a]"
    return arguments + ["-filter_complex", "\(padded);\(joined)", "-map", "[v]", "-map", "[a]"]
      + Self.videoCodec + ["-c:a", "aac", "-movflags", "+faststart", rawValue]
  }

  private var poster: [String] {
    let lines = zip(onScreen, [(96, "white", 140), (56, "0xffd27f", 380), (36, "0xe0e0e0", 620)]).map { text, style in
      Self.text(text, size: style.0, colour: style.1, x: "80", y: "\(style.2)")
    }
    return ["-f", "lavfi", "-i", "color=c=0x2a1a4a:s=1280x800", "-vf", lines.joined(separator: ",")]
      + ["-frames:v", "1", rawValue]
  }

  private var silentLesson: [String] {
    let picture = "color=c=0x103050:s=640x360:r=25:d=10"
    let title = Self.text(onScreen[0], size: 64, colour: "white", x: "(w-text_w)/2", y: "(h-text_h)/2")
    return ["-f", "lavfi", "-i", "\(picture),\(title)", "-i", "silent-lesson.srt", "-map", "0:v", "-map", "1:s"]
      + Self.videoCodec + ["-c:s", "srt", "-metadata:s:s:0", "language=eng", rawValue]
  }

  /// Chords and a melody.
  private var music: [String] {
    let melody = "0.2*sin(2*PI*t*(220+55*floor(mod(t*2\\,4))))"
    let chord = "0.2*sin(2*PI*t*(330+82*floor(mod(t\\,3))))"
    let bass = "0.1*sin(2*PI*110*t)*gt(mod(t*2\\,1)\\,0.5)"
    return ["-f", "lavfi", "-i", "aevalsrc='\(melody)+\(chord)+\(bass)':d=12:s=22050", "-ac", "1", rawValue]
  }

  /// A key frame every two seconds, as cameras and streaming services make them.
  private static let videoCodec = ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p"]

  /// Sentences with a pause after each.
  private static func speak(_ sentences: [String]) -> [String] {
    let inputs = sentences.flatMap { ["-f", "lavfi", "-i", voice($0)] }
    let pads = sentences.indices.map { "[\($0):a]apad=pad_dur=1[p\($0)]" }.joined(separator: ";")
    let names = sentences.indices.map { "[p\($0)]" }.joined()
    return inputs + ["-filter_complex", "\(pads);\(names)concat=n=\(sentences.count):v=0:a=1[a]", "-map", "[a]"]
  }

  private static func voice(_ sentence: String) -> String { "flite=text='\(sentence)':voice=slt" }

  private static func text(_ text: String, size: Int, colour: String, x: String, y: String) -> String {
    "drawtext=font=DejaVu Sans:text='\(text)':fontsize=\(size):fontcolor=\(colour):x=\(x):y=\(y)"
  }
}

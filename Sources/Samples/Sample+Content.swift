extension SampleMedia.Sample {
  package var kind: SampleMedia.File.Kind {
    switch self {
    case .harbourTour, .silentLesson: .video
    case .radioNote, .music: .audio
    case .poster: .image
    case .guide: .text
    }
  }

  package var title: String {
    switch self {
    case .harbourTour: "A tour of the harbour"
    case .radioNote: "A note on message queues"
    case .poster: "Poster of the mountain festival"
    case .guide: "A guide to the library"
    case .silentLesson: "A silent lesson on tides"
    case .music: "Music for the evening"
    }
  }

  /// What is said in it, a sentence an element.
  package var speech: [String] {
    switch self {
    case .harbourTour:
      [
        "The ships carry grain and coffee across the ocean.",
        "Engineers inspect every engine before the journey.",
        "In the evening the fishermen return to their families.",
      ]
    case .radioNote:
      [
        "The database keeps the truth about every asset.", "A message in the queue is only a doorbell.",
        "Please search the library for pictures of mountains.",
      ]
    case .poster, .guide, .silentLesson, .music: []
    }
  }

  /// What is written in it.
  package var onScreen: [String] {
    switch self {
    case .harbourTour: ["Cargo ships", "Engine inspection", "Evening at home"]
    case .poster: ["Mountain Festival", "Saturday at the old mill", "Bring a warm coat"]
    case .silentLesson: ["Tides"]
    case .radioNote, .guide, .music: []
    }
  }

  /// Files with texts that are part of it or that it is made from.
  var texts: [(name: String, text: String)] {
    switch self {
    case .guide: [(rawValue, Self.guideText)]
    case .silentLesson: [("silent-lesson.srt", Self.lessonSubtitles)]
    case .harbourTour, .radioNote, .poster, .music: []
    }
  }

  static let lessonSubtitles = """
    1
    00:00:00,500 --> 00:00:03,000
    The moon pulls the water of the oceans.

    2
    00:00:03,200 --> 00:00:06,000
    Twice a day the sea comes in,
    and twice a day it goes out.

    3
    00:00:06,500 --> 00:00:09,500
    A spring tide follows the new moon.

    """

  private static let guideText = """
    # A guide to the library

    Everything that is put into the library can be searched, quoted, summarised and clipped.

    ## Finding things

    Search takes words and meaning alike: a question about *boats* finds the tour of the harbour, although nobody says
    the word there.

    ## Quoting

    Each answer names the places it comes from. A place in a recording is a time; a place in a text is a heading.

    - Open the recording at that time.
    - Cut a clip from it.

    """
}

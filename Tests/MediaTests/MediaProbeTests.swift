import Media
import Testing

@Suite struct MediaProbeTests {
  @Test func `what ffprobe says is read strictly`() throws {
    let probe = try MediaProbe(
      parsing: Array(
        """
        {"streams": [
          {"index": 0, "codec_name": "h264", "codec_type": "video", "width": 640, "height": 360,
           "avg_frame_rate": "30000/1001", "disposition": {"attached_pic": 0}},
          {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "48000", "channels": 2,
           "avg_frame_rate": "0/0", "tags": {"language": "und"}},
          {"index": 2, "codec_name": "mjpeg", "codec_type": "video", "disposition": {"attached_pic": 1}},
          {"index": 3, "codec_type": "data"}
        ], "format": {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "7.910000"}}
        """.utf8))
    #expect(probe.durationMilliseconds == 7910 && probe.declaresDuration)
    #expect(probe.streams.map(\.kind) == [.video, .audio, .video, .other])
    #expect(probe.streams(of: .video).map(\.index) == [0])
    #expect(abs(try #require(probe.streams[0].frameRate) - 29.97) < 0.01)
    #expect(probe.streams[1].sampleRate == 48000 && probe.streams[1].language == nil)
    #expect(probe.streams[3].codec == "unknown")
  }

  @Test(arguments: [
    ("", "expected JSON"), ("{}", "format.format_name"), (#"{"format": {"format_name": 7}}"#, "format.format_name"),
    (#"{"format": {"format_name": "wav", "duration": "soon"}}"#, "format.duration"),
    (#"{"format": {"format_name": "wav"}, "streams": [{"index": "one"}]}"#, "streams[].index"),
  ])
  func `what is missing is named`(text: String, words: String) throws {
    let error = try #require(throws: MediaError.self) { try MediaProbe(parsing: Array(text.utf8)) }
    #expect(error.reason == .unreadable && error.description.contains(words))
  }

  @Test(arguments: [("eng", "en"), ("ger", "de"), ("deu", "de"), ("en", "en"), ("pt-BR", "pt-br"), ("tlh", "tlh")])
  func `languages get their shortest tag`(name: String, tag: String) {
    #expect(LanguageTag.shortest(name) == tag)
  }
}

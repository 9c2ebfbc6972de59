import Pipeline
import Providers
import Samples
import Subprocess
import TestSupport
import Testing

@Suite struct PocketsphinxSpeechTests {
  @Test func `what it prints becomes phrases with words and times`() {
    let answer = PocketsphinxSpeech.answer(
      """
      the database keeps and i see
      <s> 2.880 3.150 0.999900
      the 3.160 3.260 0.883721
      database 3.270 3.860 0.962420
      <sil> 3.870 4.300 0.9
      keeps 4.310 4.700 0.943832
      and(2) 4.710 4.900 0.6
      [NOISE] 4.900 4.950 0.9
      i 4.950 5.000 0.9
      see 5.010 5.200 0.9
      </s> 5.210 5.400 1.000000

      """)
    #expect(answer.segments.map(\.text) == ["the database", "keeps and I see"])
    #expect(answer.segments.map(\.start) == [3160, 4310])
    #expect(answer.segments.map(\.end) == [3860, 5200])
    #expect(answer.segments[0].confidence == 0.923)
    #expect(answer.segments[0].words?.map(\.start) == [3160, 3270])
    #expect(answer.notUnderstood == 0)
  }

  @Test(arguments: [
    "thigh\n<s> 0.000 0.020 1.0\nthigh 0.030 0.870 0.007985\n</s> 0.880 0.900 1.0\n",
    "whoa what\n<s> 0.0 0.4 1.0\nwhoa 0.420 2.590 0.680829\nwhat 2.600 8.060 0.824134\n</s> 8.07 8.1 1.0\n",
  ])
  func `words that are unsure, or drawn out as no one speaks, are not written down`(output: String) {
    let answer = PocketsphinxSpeech.answer(output)
    #expect(answer.segments.isEmpty && answer.notUnderstood > 500)
  }

  @Test(arguments: ["", "\n\n", "ERROR: nonsense\n", "<s> 0.0 0.1 1.0\n</s> 0.1 0.2 1.0\n", "a b c d\n</s> 1 0 x\n"])
  func `nothing is nothing`(output: String) {
    #expect(PocketsphinxSpeech.answer(output) == SpeechAnswer(segments: []))
  }

  @Test(arguments: [
    "anullsrc=r=16000:cl=mono:d=5", "anoisesrc=d=8:a=0.3:c=pink:r=16000:seed=1",
    "anoisesrc=d=8:a=0.3:c=white:r=16000:seed=1",
    "aevalsrc='0.2*sin(523*PI*t)+0.2*sin(659*PI*t)+0.2*sin(784*PI*t)':d=10:s=16000",
    "aevalsrc='0.4*sin(2*PI*110*t)*gt(mod(t*2\\,1)\\,0.7)':d=10:s=16000",
  ])
  func `silence, noise, a chord and a beat have no words`(sound: String) async throws {
    try await withFolder { folder in
      let path = "\(folder)/sound.wav"
      try await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", sound, "-t", "10", "-c:a", "pcm_s16le", path])
      let speech = PocketsphinxSpeech(sandbox: try await Sandbox(mode: .preferred))
      #expect(try await speech.transcribe(audio: path, language: nil).segments.isEmpty)
    }
  }

  @Test func `clean speech is understood, and words stand where they are said`() async throws {
    try await withFolder { folder in
      let note = try await SampleMedia().make(.radioNote, in: folder)
      let path = "\(folder)/note.wav"
      try await run("ffmpeg", ["-v", "error", "-i", note.path, "-ar", "16000", "-ac", "1", path])
      let speech = PocketsphinxSpeech(sandbox: try await Sandbox(mode: .preferred))
      let answer = try await speech.transcribe(audio: path, language: "en-US")
      let words = answer.segments.flatMap { $0.words ?? [] }
      let said = SampleMedia.Sample.radioNote.speech.joined(separator: " ").lowercased()
        .split { !$0.isLetter }.map(String.init)
      let heard = Set(words.map { $0.text.lowercased() })
      #expect(said.count { heard.contains($0) } * 10 >= said.count * 8, "heard: \(words.map(\.text))")
      #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
      #expect(answer.segments.allSatisfy { ($0.confidence ?? 0) >= 0.4 })
    }
  }

  @Test(arguments: [("en", true), ("en-GB", true), ("EN", true), ("de", false), ("enm", false)])
  func `it knows English, and says so`(language: String, isKnown: Bool) async throws {
    #expect(PocketsphinxSpeech(sandbox: try await Sandbox(mode: .off)).knows(language: language) == isKnown)
  }
}

private func run(_ program: String, _ arguments: [String]) async throws {
  let outcome = try await Command(program, arguments, deadline: .seconds(60)).run()
  try #require(outcome.isSuccess, "\(outcome.standardError)")
}

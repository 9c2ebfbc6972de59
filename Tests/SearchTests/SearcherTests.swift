import Pipeline
import Search
import Testing

@Suite struct SearcherTests {
  @Test func `words are found in any of their forms`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(asset, [passage("The ships were sailing home."), passage("Bells ring.")])
      #expect(try await library.found("SHIP sail") == ["The ships were sailing home."])
      #expect(try await library.found("ships bells") == [])
    }
  }

  @Test func `a hit says where it is, why, and which words stand where`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.video, title: "Harbour film")
      try await library.index(
        asset, [passage("Tall ships, <b>sails</b> & é ships.", .speech, start: 100, end: 200, section: "One")],
        vectors: ["Tall ships, <b>sails</b> & é ships.": direction(1)])
      let results = try await library.search("ship", vector: direction(1, leaning: 0.2))
      let hit = try #require(results.hits.first)
      #expect(hit.asset == asset.id && hit.title == "Harbour film" && hit.mediaType == .video)
      #expect(hit.start == 100 && hit.end == 200)
      #expect(hit.best.modality == .speech && hit.best.section == "One" && hit.best.asset == asset.id)
      #expect(hit.best.text.text == "Tall ships, <b>sails</b> & é ships.")
      #expect(hit.best.text.highlights == [5..<10, 29..<34])
      #expect(hit.best.reason.textRank == 1 && hit.best.reason.vectorRank == 1)
      #expect(abs(hit.score - 2.0 / 61) < 1e-9)
      let similarity = try #require(hit.best.reason.similarity)
      #expect(abs(similarity - 0.97) < 0.01)
    }
  }

  @Test func `what only words and what only meaning can find is found together, best in both first`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let texts = ["A vessel with sails.", "The ship's log, page 4711.", "A ship under sail.", "Bread and butter."]
      try await library.index(
        asset, texts.map { passage($0) },
        vectors: [
          texts[0]: direction(1, leaning: 0.1), texts[1]: direction(7), texts[2]: direction(1),
          texts[3]: direction(9),
        ])
      let found = try await library.found("ship", vector: direction(1))
      #expect(found.first == texts[2])
      #expect(Set(found) == Set(texts[0...2]))
      #expect(try await library.found("4711", vector: direction(20)) == [texts[1]])
      #expect(try await library.found("galleon", vector: direction(1)) == [texts[2], texts[0]])
      #expect(try await library.found("galleon") == [])
    }
  }

  @Test func `phrases must occur and exclusions must not, however alike the meaning`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      let texts = ["the city council met", "council of the city", "the city council lost", "a meeting"]
      try await library.index(
        asset, texts.map { passage($0) },
        vectors: Dictionary(uniqueKeysWithValues: texts.map { ($0, direction(1)) }))
      #expect(try await Set(library.found("\"city council\"", vector: direction(1))) == [texts[0], texts[2]])
      #expect(try await library.found("\"city council\" -lost", vector: direction(1)) == [texts[0]])
      #expect(
        try await Set(library.found("meeting -\"city council\"", vector: direction(1))) == [texts[1], texts[3]])
      #expect(try await Set(library.found("council -lost")) == [texts[0], texts[1]])
    }
  }

  @Test func `each passage is read in its own language`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(
        asset,
        [
          passage("Die Häuser am Hafen", language: "german"), passage("Les maisons du port", language: "french"),
          passage("Корабли в Порту", language: "russian"), passage("The houses", language: "simple"),
        ])
      #expect(try await library.found("häuser") == ["Die Häuser am Hafen"])
      #expect(try await library.found("HAUS Häfen") == ["Die Häuser am Hafen"])
      #expect(try await library.found("maison") == ["Les maisons du port"])
      #expect(try await library.found("ПОРТ корабль") == ["Корабли в Порту"])
      #expect(try await library.found("house") == [])
      #expect(try await library.found("houses") == ["The houses"])
    }
  }

  @Test func `letters are found whichever way they are put together`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(
        asset, [passage("Cafe\u{301} ﬁne", language: "simple"), passage("Ｆｕｌｌ width", language: "simple")])
      #expect(try await library.found("Caf\u{E9} fine") == ["Cafe\u{301} ﬁne"])
      #expect(try await library.found("full") == ["Ｆｕｌｌ width"])
    }
  }

  @Test func `the headings that a passage stands under lead to it`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(asset, [passage("Run it.", section: "Guide › Installation"), passage("Installation")])
      #expect(try await library.found("installing guides") == ["Run it."])
      try await library.index(asset, [passage("Run it.", section: "Guide › Removal"), passage("Installation")])
      #expect(try await library.found("installation") == ["Installation"])
      #expect(try await library.found("removal") == ["Run it."])
    }
  }

  @Test func `stop words alone find nothing by words, and no everything`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(asset, [passage("The ships are here."), passage("Nothing.")])
      #expect(try await library.found("the are -nothing") == [])
      #expect(try await library.found("the ships") == ["The ships are here."])
    }
  }

  @Test func `deleted assets vanish at once and come back on restore, with all their parts`() async throws {
    try await Library.with { library in
      let film = try await library.asset()
      let frame = try await library.asset(.keyframe, in: film, at: 50_000)
      try await library.index(
        film, [passage("A ship.", .speech, start: 0, end: 900)], vectors: ["A ship.": direction(1)])
      try await library.index(frame, [passage("SHIP", .onScreen)], vectors: ["SHIP": direction(1)])
      let all = ["A ship.", "SHIP"]
      #expect(try await Set(library.found("ship", vector: direction(1))) == Set(all))
      try await library.set("deleted", of: film)
      #expect(try await library.found("ship", vector: direction(1)) == [])
      try await library.set("active", of: film)
      #expect(try await Set(library.found("ship", vector: direction(1))) == Set(all))
      try await library.set("deleted", of: frame)
      #expect(try await library.found("ship", vector: direction(1)) == ["A ship."])
    }
  }

  @Test func `other organisations are never searched`() async throws {
    try await Library.with { library in
      let ours = try await library.asset(.text)
      let theirs = try await library.asset(.text, organisation: "rival")
      try await library.index(ours, [passage("our ship")], vectors: ["our ship": direction(1)])
      try await library.index(theirs, [passage("their ship")], vectors: ["their ship": direction(1)])
      for exactVectors in [0, 5000] {
        var limits = SearchLimits()
        limits.exactVectors = exactVectors
        for vector in [nil, direction(1)] {
          let ours = try await library.search("ship", vector: vector, limits: limits)
          #expect(ours.hits.map(\.best.text.text) == ["our ship"])
          let theirs = try await library.search("ship", vector: vector, organisation: "rival", limits: limits)
          #expect(theirs.hits.map(\.best.text.text) == ["their ship"])
        }
      }
      #expect(try await library.found("ship", vector: direction(1), organisation: "nobody") == [])
    }
  }

  @Test func `media types narrow a search, and a part counts as what it is part of`() async throws {
    try await Library.with { library in
      let film = try await library.asset(.video)
      let frame = try await library.asset(.keyframe, in: film, at: 1000)
      let text = try await library.asset(.text)
      try await library.index(frame, [passage("a ship on screen", .onScreen)])
      try await library.index(text, [passage("a ship in words")])
      #expect(try await library.found("ship", mediaTypes: [.video]) == ["a ship on screen"])
      #expect(try await library.found("ship", mediaTypes: [.keyframe]) == ["a ship on screen"])
      #expect(try await library.found("ship", mediaTypes: [.text, .audio]) == ["a ship in words"])
      #expect(try await library.found("ship", mediaTypes: [.image]) == [])
    }
  }

  @Test func `what is said and shown at about one time is one hit at that time`() async throws {
    try await Library.with { library in
      let film = try await library.asset()
      let frames = [
        try await library.asset(.keyframe, in: film, at: 62_000),
        try await library.asset(.keyframe, in: film, at: 500_000),
      ]
      try await library.index(
        film, [passage("Ships", .title), passage("The ship, the ship!", .speech, start: 58_000, end: 60_000)])
      for frame in frames { try await library.index(frame, [passage("SHIP AHEAD OF THE OTHERS", .onScreen)]) }
      let hits = try await library.search("ship").hits
      #expect(hits.count == 2)
      #expect(hits.allSatisfy { $0.asset == film.id })
      #expect(Set(hits.map(\.start)) == [58_000, 500_000] || Set(hits.map(\.start)) == [62_000, 500_000])
      #expect(hits.map(\.matches.count).sorted() == [1, 3])
    }
  }

  @Test func `passages of a text are hits of their own, and the limit counts hits`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(asset, (0..<10).map { passage("Ship number \($0).", section: "Fleet") })
      #expect(try await library.search("ship").hits.count == 10)
      #expect(try await library.search("ship", limit: 3).hits.count == 3)
    }
  }

  @Test func `much weaker passages are left out and counted`() async throws {
    try await Library.with { library in
      let asset = try await library.asset(.text)
      try await library.index(
        asset, [passage("one"), passage("two"), passage("three")],
        vectors: ["one": direction(1), "two": direction(1, leaning: 0.7, towards: 5), "three": direction(9)])
      let results = try await library.search("galleon", vector: direction(1))
      #expect(results.hits.map(\.best.text.text) == ["one"])
      #expect(results.weaker == 1)
    }
  }

  @Test func `a vector of another model is refused with its dimension`() async throws {
    try await Library.with { library in
      let error = await #expect(throws: SearchError.self) { try await library.search("ship", vector: [1, 2, 3]) }
      #expect(error?.description.contains("got 3") == true)
    }
  }
}

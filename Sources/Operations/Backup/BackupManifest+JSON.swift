internal import Hashing
package import JSON

extension BackupManifest {
  /// The manifest as its file has it.
  package var json: JSON {
    [
      "format": .integer(Self.format), "build": .string(build), "takenAt": .string(takenAt),
      "migrations": .array(
        migrations.map { ["name": .string($0.name), "sha256": .string($0.checksum.description)] }),
      "tables": .array(
        tables.map {
          [
            "name": .string($0.name), "columns": .texts($0.columns), "rows": .integer(Int64($0.rows)),
            "file": $0.file.json,
          ]
        }),
      "content": [
        "list": contentList.json, "count": .integer(Int64(contentCount)), "size": .integer(Int64(contentSize)),
        "missing": .texts(missingContent),
      ],
      "settings": ["file": settings.json, "omitted": .texts(omittedSettings)],
    ]
  }

  /// Reads a manifest, strictly.
  ///
  /// - Throws: what was expected where.
  init(json: JSON) throws(BackupError) {
    let fields = ManifestFields(json: json, place: "the manifest")
    let format = try fields.integer("format")
    guard format == Self.format else { throw .unknownFormat(format) }
    let content = try fields.object("content")
    let settings = try fields.object("settings")
    self.init(
      build: try fields.text("build"), takenAt: try fields.text("takenAt"),
      migrations: try fields.objects("migrations").map { migration throws(BackupError) in
        Migration(name: try migration.text("name"), checksum: try migration.digest("sha256"))
      },
      tables: try fields.objects("tables").map { table throws(BackupError) in
        Table(
          name: try table.text("name"), columns: try table.texts("columns"), rows: try table.count("rows"),
          file: try table.file("file"))
      },
      contentList: try content.file("list"), contentCount: try content.count("count"),
      contentSize: try content.count("size"), missingContent: try content.texts("missing"),
      settings: try settings.file("file"), omittedSettings: try settings.texts("omitted"))
  }
}

extension BackupManifest.File {
  fileprivate var json: JSON { ["sha256": .string(digest.description), "size": .integer(Int64(size))] }
}

/// The members of an object of the manifest, each of the type that it must have.
private struct ManifestFields {
  let json: JSON
  let place: String

  func text(_ name: String) throws(BackupError) -> String { try member(name, "a string") { $0.string } }

  func integer(_ name: String) throws(BackupError) -> Int64 { try member(name, "a whole number") { $0.integer } }

  func count(_ name: String) throws(BackupError) -> Int {
    try member(name, "a count") { json in json.integer.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil } }
  }

  func digest(_ name: String) throws(BackupError) -> SHA256Digest {
    try member(name, "64 hexadecimal digits") { $0.string.flatMap { SHA256Digest($0) } }
  }

  func texts(_ name: String) throws(BackupError) -> [String] {
    try member(name, "an array of strings") { json in
      guard let elements = json.array else { return nil }
      let texts = elements.compactMap(\.string)
      return texts.count == elements.count ? texts : nil
    }
  }

  func object(_ name: String) throws(BackupError) -> ManifestFields {
    ManifestFields(
      json: try member(name, "an object") { $0.object == nil ? nil : $0 }, place: "`\(name)` of \(place)")
  }

  func objects(_ name: String) throws(BackupError) -> [ManifestFields] {
    try member(name, "an array of objects") { $0.array }.map {
      ManifestFields(json: $0, place: "`\(name)` of \(place)")
    }
  }

  func file(_ name: String) throws(BackupError) -> BackupManifest.File {
    let file = try object(name)
    return BackupManifest.File(digest: try file.digest("sha256"), size: try file.count("size"))
  }

  private func member<Value>(
    _ name: String, _ expectation: String, _ read: (JSON) -> Value?
  ) throws(BackupError) -> Value {
    guard let value = json[name].flatMap(read) else {
      throw .damaged("manifest.json", "expected \(expectation) as `\(name)` in \(place)")
    }
    return value
  }
}

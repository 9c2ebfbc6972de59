package import Hashing

/// What a backup holds, and how to tell that it is whole. It is written last: a backup without it is unfinished.
package struct BackupManifest: Sendable, Equatable {
  /// A file of the backup.
  package struct File: Sendable, Equatable {
    package var digest: SHA256Digest
    /// In bytes.
    package var size: Int
  }

  /// A migration that the database had.
  package struct Migration: Sendable, Equatable {
    package var name: String
    package var checksum: SHA256Digest
  }

  /// The rows of a table, in the text format of `COPY`.
  package struct Table: Sendable, Equatable {
    package var name: String
    package var columns: [String]
    package var rows: Int
    package var file: File
  }

  /// Of what the manifest says how, for builds to come.
  static let format: Int64 = 1

  /// Which build wrote it.
  package var build: String
  /// When the database was as the backup has it, by its clock, in RFC 3339.
  package var takenAt: String
  /// In order.
  package var migrations: [Migration]
  /// Each after those that its rows refer to.
  package var tables: [Table]
  /// Organisation and digest of all content that the tables refer to, a line each.
  package var contentList: File
  package var contentCount: Int
  /// In bytes.
  package var contentSize: Int
  /// What the tables refer to although the library had lost it, as `<organisation>/<digest>`, sorted.
  package var missingContent: [String]
  /// The project file with the settings, without secrets.
  package var settings: File
  /// The settings that hold secrets: they were set, and must be set again.
  package var omittedSettings: [String]

  /// How many rows there are in all tables.
  package var rowCount: Int { tables.reduce(0) { $0 + $1.rows } }
}

import JSON
import Subprocess
import TestSupport
import Testing

/// What is asked of a library with the sample media in it, while a worker runs: made once, for all tests inside.
@Suite(.sampleLibrary) struct WithSamples {
  @TaskLocal static var current: Library?

  /// The library of the samples.
  static var library: Library {
    get throws {
      guard let current else { throw Unexpected("outside of the suite's scope") }
      return current
    }
  }
}

/// Provides ``WithSamples/library``.
struct SampleLibrary: SuiteTrait, TestScoping {
  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Library.with { library in
      try await library.reelmill.succeeds("samples", "samples")
      try await library.working {
        try await library.reelmill.succeeds("ingest", "samples", "--wait")
        try await WithSamples.$current.withValue(library) { try await function() }
      }
    }
  }
}

extension Trait where Self == SampleLibrary {
  static var sampleLibrary: Self { SampleLibrary() }
}

import TestSupport
import Testing

/// Runs a broker and a database of its own while the tests of a suite run, one after the other.
struct FaultServicesTrait: SuiteTrait, TestScoping {
  @concurrent
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try await withFolder { folder in
      try await FaultServices.run(in: folder) { services in
        try await FaultServices.$shared.withValue(services) { try await function() }
      }
    }
  }
}

extension Trait where Self == FaultServicesTrait {
  static var faultServices: FaultServicesTrait { FaultServicesTrait() }
}

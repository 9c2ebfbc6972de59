import TestSupport
import Testing

/// Disks that are full.
extension Faults {
  @Suite(.enabled("this process may not mount file systems") { SmallDisk.isAllowed })
  struct DiskFaults {
    private static let shortage = FaultSize.choose(short: Duration.seconds(3), long: .seconds(30))

    @Test func `a full disk under the blobs is waited out`() async throws {
      try await withFolder { folder in
        try await SmallDisk.with(at: "\(folder)/disk", megabytes: 64) { disk in
          var options = Scenario.Options()
          options.blobsFolder = disk.path
          try await Scenario.run(options) { scenario in
            try await scenario.reaches(0.3)
            disk.fill()
            try await scenario.lasts(Self.shortage)
            disk.free()
          }
        }
      }
    }
  }
}

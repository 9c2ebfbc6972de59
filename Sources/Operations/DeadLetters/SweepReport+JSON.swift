package import Engine
package import JSON

extension SweepReport {
  /// For programs.
  package var json: JSON {
    [
      "queue": .string(queue), "walked": .count(walked), "kept": .count(kept), "closed": .count(closed),
      "duplicates": .count(duplicates), "found": .count(found), "returned": .count(returned), "isBusy": .bool(isBusy),
    ]
  }
}

package import JSON
internal import PostgreSQL

extension StatusReport {
  /// For programs; what is not known is null.
  package var json: JSON {
    [
      "at": .time(at), "stages": .array(stages.map(\.json)), "nextDue": .time(nextDue),
      "outbox": ["count": .count(outbox.count), "oldestAgeSeconds": .seconds(outbox.oldestAge)],
      "workers": .array(workers.map(\.json)), "assets": .array(assets.map(\.json)),
      "pauses": .array(pauses.map(\.json)), "circuits": .array(circuits.map(\.json)), "broker": broker?.json ?? .null,
    ]
  }
}

extension StatusReport.StageRuns {
  fileprivate var json: JSON {
    let runs = StatusReport.RunCondition.allCases.map { ($0.rawValue, JSON.count(counts[$0, default: 0])) }
    return [
      "stage": .string(stage), "runs": .object(Dictionary(uniqueKeysWithValues: runs)), "nextDue": .time(nextDue),
      "openDeadLetters": .count(openDeadLetters),
    ]
  }
}

extension StatusReport.Worker {
  fileprivate var json: JSON {
    [
      "id": .string(id.description), "host": .string(host), "processId": .integer(processID), "build": .string(build),
      "stages": .texts(stages), "startedAt": .time(startedAt),
    ]
  }
}

extension StatusReport.AssetCount {
  fileprivate var json: JSON {
    [
      "mediaType": .string(mediaType.rawValue), "lifecycle": .string(lifecycle.rawValue), "count": .count(count),
    ]
  }
}

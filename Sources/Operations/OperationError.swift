package import AMQP
package import Engine
package import Identifiers
package import Pipeline
package import PostgreSQL

/// Why a question about the library has no answer.
package enum OperationError: Error, CustomStringConvertible {
  /// There never was such an asset.
  case unknownAsset(AssetID)
  case unknownDeadLetter(UUID)
  /// The pipeline of this build has no such stage; `known` are those it has.
  case unknownStage(StageName, known: [StageName])
  case unknownReplay(UUID)
  /// What is asked for contradicts itself; says what to ask for.
  case invalidReplay(String)
  /// The action is not possible in the state in which the replay is.
  case wrongReplayState(UUID, ReplayState, action: String)
  case database(PostgresError)
  case broker(AMQPError)

  package var description: String {
    switch self {
    case .unknownAsset(let id): "there is no asset \(id)"
    case .unknownDeadLetter(let id): "there is no dead letter \(id)"
    case .unknownStage(let name, let known):
      "there is no stage `\(name)`; expected one of \(known.map(\.rawValue).joined(separator: ", "))"
    case .unknownReplay(let id): "there is no replay \(id)"
    case .invalidReplay(let problem): problem
    case .wrongReplayState(let id, let state, let action): "cannot \(action) the replay \(id): it is \(state)"
    case .database(let error): "\(error)"
    case .broker(let error): "\(error)"
    }
  }
}

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
  /// There never was such a group of dead letters.
  case unknownGroup(String)
  /// The letter is in that group, not in the one that was named.
  case otherGroup(UUID, String)
  /// Only a letter in one of the states can be dealt with so.
  case deadLetterState(UUID, DeadLetterState, expected: [DeadLetterState])
  /// Somebody else changed one of the letters at the same moment.
  case changedMeanwhile
  /// The letter cannot be changed like that; says why.
  case refusedEdit(String)
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
    case .unknownGroup(let name): "there is no group `\(name)`; see `reelmill dlq groups --all`"
    case .otherGroup(let id, let group): "the dead letter \(id) is in the group `\(group)`"
    case .deadLetterState(let id, let state, let expected):
      "the dead letter \(id) is \(state.rawValue); expected \(expected.map(\.rawValue).joined(separator: " or "))"
    case .changedMeanwhile: "somebody else changed one of the dead letters at this moment; look again"
    case .refusedEdit(let reason): reason
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

package import Identifiers
package import PostgreSQL

/// Says of items, in SQL, what is to become of them when their turn comes: asked for, sent, or skipped and why.
///
/// Both the preview and the replay itself ask this, so that one foretells what the other does. It proposes only: what a
/// message makes a stage do is decided by the planner of the worker that takes it.
package struct ReplayJudgement: Sendable {
  /// The replay whose items are judged; its rules are read from its row.
  private let replay: UUID

  package init(of replay: UUID) { self.replay = replay }

  /// Common table expressions: `judged` has a row for each item of `items`, with the recipe that it would be asked for
  /// with, and its verdict: `request`, `send` (a message that asks for no run), or why it is skipped. `p` is the replay.
  ///
  /// - Parameter items: selects rows of `replay_item`, in the order in which they are to be taken.
  package func judged(_ items: SQL) -> SQL {
    """
    p as materialized (select * from replay where id = \(replay)),
    batch as materialized (\(items)),
    judged as materialized (
      select b.number, b.rank, b.asset, b.stage, b.kind, b.letter, a.organisation, w.inputs, w.definition,
        case
          when b.kind is null then 'send'
          when a.lifecycle is distinct from 'active' or w.inputs is null or w.definition is null then 'removed'
          when exists (select from pin where pin.asset = b.asset and pin.kind = b.kind) then 'pinned'
          when f.inputs = w.inputs and f.definition = w.definition and not (p.is_fresh and f.made_at < p.created_at)
            then 'up-to-date'
          when r.state = 'dead' and (r.inputs, r.definition) = (w.inputs, w.definition) and not p.takes_dead then 'dead'
          when r.asset is null or \(Self.isIdle(wanted: "w")) then 'request'
          else 'under-way'
        end as verdict
      from batch b cross join p
      left join asset a on a.id = b.asset
      left join run r on r.asset = b.asset and r.stage = b.stage
      left join artifact f on f.asset = b.asset and f.kind = b.kind
      left join definition own on own.organisation = a.organisation and own.stage = b.stage
      left join definition common on common.organisation = '*' and common.stage = b.stage
      cross join lateral (
        select coalesce(case when r.state = 'dead' then r.inputs end, b.inputs, f.inputs) as inputs,
          coalesce(own.digest, common.digest) as definition
      ) w
    )
    """
  }

  /// Whether the run `r` is nobody's, by the rules of the replay `p`: it has ended, waits for a recipe that is not
  /// wanted any more, or was lost. A run that was just done is left alone: the statement may not see its result.
  ///
  /// - Parameter wanted: the alias that has the wanted recipe's halves.
  static func isIdle(wanted: String) -> SQL {
    let wanted = SQL(unescaped: wanted)
    return """
      case r.state
        when 'dead' then true
        when 'done' then (r.inputs, r.definition) is distinct from (\(wanted).inputs, \(wanted).definition)
          or r.finished_at < case when p.is_fresh then p.created_at else now() - interval '1 minute' end
        when 'running' then r.announced_at < now() - p.lost_after
          and not exists (select from worker k where k.id = r.worker and k.lease_until > now())
        else (r.inputs, r.definition) is distinct from (\(wanted).inputs, \(wanted).definition)
          or r.announced_at < now() - p.lost_after and (r.due is null or r.due <= now())
      end
      """
  }
}

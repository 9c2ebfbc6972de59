-- Replays: work that is announced again because somebody asked for it. A replay is a frozen list and two bookmarks in
-- it, so that whoever goes on with it begins exactly where it was left.

create table replay (
  id                uuid primary key,
  -- What was asked for, as JSON.
  request           jsonb not null,
  state             text not null check (state in
    ('selecting', 'preview', 'running', 'paused', 'cancelled', 'finished')),
  state_reason      text,
  lane              text not null,
  -- What stands already is made again, and adopted only if it was made after the replay was asked for.
  is_fresh          boolean not null,
  -- What was given up on for its present recipe is taken too.
  takes_dead        boolean not null,
  -- What was announced, or is due, longer ago than this is taken as lost; null: never.
  lost_after        interval,
  -- Items a second; null: as quickly as they go.
  rate              double precision,
  paced_at          timestamptz not null default now(),
  -- So many must succeed before the others go; null once they have, or if that was not asked for.
  canary            bigint,
  canary_goal       bigint not null default 0,
  -- The counters when the canary began.
  succeeded_before  bigint not null default 0,
  failed_before     bigint not null default 0,
  sent_before       bigint not null default 0,
  -- The most that may be charged: in one unit, in all, or in money where the unit is `cost`.
  budget            double precision,
  budget_unit       text,
  -- What one item is expected to cost in it; what those that ended did cost.
  unit_cost         double precision not null default 0,
  spent             double precision not null default 0,
  requested_by      text not null,
  reason            text,
  created_at        timestamptz not null default now(),
  started_at        timestamptz,
  finished_at       timestamptz,
  -- The assets up to this one were looked at, where assets are selected one by one.
  selected_to       uuid,
  total             bigint not null default 0,
  -- Up to which item, in the order of rank and number.
  requested_rank    bigint not null default -9223372036854775808,
  requested_number  bigint not null default 0,
  announced_rank    bigint not null default -9223372036854775808,
  announced_number  bigint not null default 0,
  -- How many were asked for, and of these announced, and of these ended in which way.
  requested         bigint not null default 0,
  announced         bigint not null default 0,
  sent              bigint not null default 0,
  succeeded         bigint not null default 0,
  failed            bigint not null default 0,
  dropped           bigint not null default 0,
  -- How many were not asked for when their turn came.
  skipped           bigint not null default 0
);
create index replay_open on replay (created_at) where finished_at is null;

create table replay_item (
  number   bigint generated always as identity primary key,
  replay   uuid not null references replay on delete cascade,
  rank     bigint not null,
  asset    uuid,
  stage    text not null,
  -- What the stage writes; null where a message is sent that asks for no run.
  kind     text,
  -- The half of the recipe over the inputs, where it was known when the list was frozen.
  inputs   bytea,
  -- The dead letter that it is about.
  letter   uuid,
  -- What became of it; null while that is open.
  outcome  text check (outcome in
    ('sent', 'succeeded', 'failed', 'dropped', 'up-to-date', 'under-way', 'dead', 'pinned', 'removed'))
);
create index replay_item_open on replay_item (replay, rank, number) where outcome is null;

-- The item that a run was requested for, until its end is counted; and where it must not adopt what is older.
alter table run add column replay_item bigint, add column fresh_after timestamptz;
create index run_replayed on run (replay_item) where replay_item is not null and state in ('done', 'dead');

-- How a dead letter was closed, when, and by which replay.
alter table dead_letter add column outcome text, add column closed_at timestamptz, add column replay uuid;

-- What keeps failures small: circuits, pauses, limits of providers, and what their calls cost.

-- Schedulers take what is due stage by stage and lane by lane, so that nobody waits behind another's crowd.
create index run_due on run (stage, lane, due) where state = 'parked' and announced_at is null;
drop index run_parked;

-- Dependencies that a worker keeps away from at the moment; written with its heartbeat.
create table circuit (
  worker      uuid not null references worker on delete cascade,
  dependency  text not null,
  state       text not null check (state in ('open', 'half-open')),
  since       timestamptz not null,
  reason      text not null,
  primary key (worker, dependency)
);

-- Stages that somebody has stopped; workers do not take them until the time is over.
create table stage_pause (
  stage      text primary key,
  owner      text not null,
  reason     text not null,
  paused_at  timestamptz not null default now(),
  until      timestamptz not null
);

-- A provider with limits. Whoever wants to call it locks this row, so that all workers count as one.
create table provider_gate (
  provider    text primary key,
  per_minute  int,
  in_flight   int
);

-- Calls to such providers: those of the last minute, and those in flight.
create table provider_call (
  id          uuid primary key,
  provider    text not null,
  worker      uuid not null,
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz
);
create index provider_call_started on provider_call (provider, started_at);
create index provider_call_in_flight on provider_call (provider) where ended_at is null;

-- Started: the answer is not known, and it may have been paid for. Failed: the provider was not reached, or turned the
-- call away.
alter table charge drop constraint charge_state_check;
alter table charge add constraint charge_state_check check (state in ('started', 'settled', 'failed'));
-- Units times the price at that time, where one was configured.
alter table charge add column cost double precision;
create index charge_at on charge (at);

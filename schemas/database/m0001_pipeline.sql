-- Assets, what was made of them, and the work on them.
--
-- Rows of artifact, run, history and window are written under a lock on their asset's row, which proves that it
-- exists; foreign keys would look it up once more for each.

create table asset (
  id            uuid primary key,
  slug          text unique,
  organisation  text not null,
  owner         text not null,
  media_type    text not null check (media_type in ('video', 'audio', 'image', 'keyframe', 'text')),
  lifecycle     text not null default 'draft' check (lifecycle in ('draft', 'active', 'deleted')),
  parent        uuid references asset,
  -- The asset whose access rules, tags and title count: itself, or the one it is part of.
  root          uuid not null,
  -- Where in the root.
  offset_ms     bigint,
  title         text not null default '',
  tags          text[] not null default '{}',
  labels        text[] not null default '{}',
  file_name     text,
  -- Grows with each edit; for people and ETags. It never decides whether work runs.
  revision      bigint not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  deleted_at    timestamptz,
  -- When a deleted asset's derived data and content were erased.
  erased_at     timestamptz
);
create index asset_parent on asset (parent) where parent is not null;
create index asset_created on asset (organisation, created_at desc) where parent is null;
create index asset_erasable on asset (deleted_at) where lifecycle = 'deleted' and erased_at is null;

create table artifact (
  asset          uuid not null,
  kind           text not null,
  fingerprint    bytea not null,
  -- The halves of the recipe that made it; null for what people gave.
  inputs         bytea,
  definition     bytea,
  value          jsonb not null,
  blob           bytea,
  blob_size      bigint,
  empty_because  text,
  -- Both halves in one, where another asset may adopt the result instead of making it again.
  shared_recipe  bytea,
  made_at        timestamptz not null default now(),
  primary key (asset, kind)
) with (fillfactor = 85);
create index artifact_shared_recipe on artifact (shared_recipe) where shared_recipe is not null;
create index artifact_blob on artifact (blob) where blob is not null;

-- A result whose recipe was no longer wanted when it came; it is kept for whoever wants it again.
create table spare_result (
  asset          uuid not null,
  organisation   text not null,
  owner          text not null,
  recipe         bytea not null,
  kind           text not null,
  fingerprint    bytea not null,
  value          jsonb not null,
  blob           bytea,
  blob_size      bigint,
  empty_because  text,
  made_at        timestamptz not null default now(),
  primary key (organisation, recipe)
);
create index spare_result_asset on spare_result (asset);
create index spare_result_blob on spare_result (blob) where blob is not null;

-- Every reference to content in the blob store. What is not in it is collected; a migration that adds a table with
-- such references adds it here.
create view blob_reference as
  select a.organisation, f.blob from artifact f join asset a on a.id = f.asset where f.blob is not null
  union all
  select organisation, blob from spare_result where blob is not null;

-- An artifact edited by hand. It outranks the stage's own, which stays beside it.
create table pin (
  asset        uuid not null references asset,
  kind         text not null,
  fingerprint  bytea not null,
  value        jsonb not null,
  pinned_by    text not null,
  pinned_at    timestamptz not null default now(),
  primary key (asset, kind)
);

-- The processes that work. A run belongs to a living worker as long as this lease is renewed.
create table worker (
  id           uuid primary key,
  host         text not null,
  process_id   bigint not null,
  build        text not null,
  stages       text[] not null,
  started_at   timestamptz not null default now(),
  lease_until  timestamptz not null
);

-- One recipe of one stage for one asset. Another recipe is a fresh run with fresh attempts.
create table run (
  asset         uuid not null,
  stage         text not null,
  inputs        bytea not null,
  definition    bytea not null,
  state         text not null check (state in ('running', 'parked', 'requested', 'done', 'dead')),
  -- Who may record: the token that the claim was given.
  token         bigint not null,
  worker        uuid,
  lane          text not null default 'live',
  attempts      int not null default 0,
  -- Workers that died of it; the last time it ran alone.
  crashes       int not null default 0,
  alone         boolean not null default false,
  progress      real,
  started_at    timestamptz,
  finished_at   timestamptz,
  -- Parked: not before.
  due           timestamptz,
  -- When a scheduler last announced it.
  announced_at  timestamptz,
  -- Parked until somebody else's run of the same shared recipe ends.
  awaits        bytea,
  error_code    text,
  error         text,
  primary key (asset, stage)
) with (fillfactor = 70);
create index run_parked on run (due) where state = 'parked' and announced_at is null;
create index run_announced on run (announced_at) where state in ('parked', 'running') and announced_at is not null;
create index run_running on run (worker) where state = 'running';
create index run_dead on run (stage, finished_at) where state = 'dead';
create index run_awaits on run (awaits) where awaits is not null;

create table history (
  id           bigint generated always as identity primary key,
  asset        uuid not null,
  stage        text not null,
  event        text not null,
  attempt      int not null default 0,
  duration_ms  bigint,
  worker       uuid,
  error_code   text,
  error        text,
  detail       text,
  at           timestamptz not null default now()
);
create index history_asset on history (asset, id);

-- A finished part of long work; it is never done again for its recipe.
create table run_window (
  asset   uuid not null,
  stage   text not null,
  recipe  bytea not null,
  number  int not null,
  value   jsonb not null,
  primary key (asset, stage, recipe, number)
);

-- One worker at a time makes what a costly recipe says; the others wait and adopt.
create table recipe_lease (
  organisation  text not null,
  recipe        bytea not null,
  -- The run that makes it, as long as that carries the token.
  asset         uuid not null,
  stage         text not null,
  token         bigint not null,
  primary key (organisation, recipe)
);

create table charge (
  id            uuid primary key,
  organisation  text not null,
  asset         uuid not null,
  stage         text not null,
  provider      text not null,
  units         double precision not null,
  unit          text not null,
  state         text not null check (state in ('started', 'settled')),
  at            timestamptz not null default now()
);
create index charge_asset on charge (asset, stage);

-- The active definition of each stage; organisation '*' counts for all that have none of their own.
create table definition (
  organisation   text not null,
  stage          text not null,
  digest         bytea not null,
  version        int not null,
  configuration  jsonb not null,
  activated_at   timestamptz not null default now(),
  primary key (organisation, stage)
);

-- Messages that must be published although no delivery stands behind them.
create table outbox (
  id           uuid primary key,
  exchange     text not null,
  routing_key  text not null,
  message_id   text not null,
  headers      jsonb not null default '{}',
  body         bytea not null,
  created_at   timestamptz not null default now(),
  -- Not before; later than created_at where a message is to be tried again.
  publish_at   timestamptz not null default now()
);
create index outbox_publish on outbox (publish_at);

-- What was given up on. The message of the same id stands in the stage's dead-letter queue.
create table dead_letter (
  id           uuid primary key,
  queue        text not null,
  stage        text,
  asset        uuid,
  routing_key  text not null,
  headers      jsonb not null default '{}',
  body         bytea not null,
  error_code   text not null,
  error        text not null,
  detail       text,
  attempts     int not null default 0,
  build        text not null,
  state        text not null default 'open' check (state in ('open', 'closed')),
  at           timestamptz not null default now()
);
create index dead_letter_open on dead_letter (queue, at) where state = 'open';
create index dead_letter_asset on dead_letter (asset, stage) where state = 'open';

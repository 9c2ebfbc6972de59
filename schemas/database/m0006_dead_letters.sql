-- Dead letters that belong together, what became of them, who did what to them, and how queue and rows are compared.

-- open: waiting, with a message in the queue. closed: its work was asked for again. archived: kept out of the way.
-- discarded: to be erased after a while. Of the last three no message stands in the queue after a sweep.
alter table dead_letter drop constraint dead_letter_state_check;
alter table dead_letter add constraint dead_letter_state_check
  check (state in ('open', 'closed', 'archived', 'discarded'));
-- Stage, code and normalised error; computed once, by whoever writes the row.
alter table dead_letter add column group_name text;
update dead_letter set group_name = regexp_replace(queue, '\.dead$', '') || '/' || error_code;
alter table dead_letter alter column group_name set not null;
-- When it was archived or discarded.
alter table dead_letter add column settled_at timestamptz;
create index dead_letter_at on dead_letter (at, id);
create index dead_letter_group_at on dead_letter (group_name, at, id);
create index dead_letter_discarded on dead_letter (settled_at) where state = 'discarded';

-- The counters are kept by triggers, once a statement, whoever changes the letters. A transaction that changes letters
-- of several groups does so in one statement, and last: then groups are locked in one order by everybody.
create table dead_letter_group (
  name              text primary key,
  queue             text not null,
  stage             text,
  error_code        text not null,
  -- One of them, as an example.
  error             text not null,
  open              bigint not null default 0,
  closed            bigint not null default 0,
  archived          bigint not null default 0,
  discarded         bigint not null default 0,
  first_seen        timestamptz not null,
  last_seen         timestamptz not null,
  last_replayed_at  timestamptz,
  -- Those that gave up, in the order in which they first did; the last 20.
  builds            text[] not null,
  note              text,
  noted_by          text,
  noted_at          timestamptz
) with (fillfactor = 70);

create function count_new_dead_letters() returns trigger language plpgsql as $$
begin
  insert into dead_letter_group as g
    (name, queue, stage, error_code, error, open, closed, archived, discarded, first_seen, last_seen, builds)
  select group_name, min(queue), min(stage), min(error_code), max(error), count(*) filter (where state = 'open'),
    count(*) filter (where state = 'closed'), count(*) filter (where state = 'archived'),
    count(*) filter (where state = 'discarded'), min(at), max(at), array_agg(distinct build)
  from new_letters group by group_name order by group_name
  on conflict (name) do update set
    open = g.open + excluded.open, closed = g.closed + excluded.closed, archived = g.archived + excluded.archived,
    discarded = g.discarded + excluded.discarded, error = excluded.error,
    first_seen = least(g.first_seen, excluded.first_seen), last_seen = greatest(g.last_seen, excluded.last_seen),
    builds = case when excluded.builds <@ g.builds then g.builds else (
      select (array_agg(b order by is_new, b_order))[greatest(count(*)::int - 19, 1):] from (
        select b, false as is_new, b_order from unnest(g.builds) with ordinality as o (b, b_order)
        union all
        select b, true, 0 from unnest(excluded.builds) as n (b) where b <> all(g.builds)
      ) as u) end;
  return null;
end $$;

create function count_changed_dead_letters() returns trigger language plpgsql as $$
begin
  perform from dead_letter_group where name in (
    select n.group_name from new_letters n join old_letters o on o.id = n.id where n.state <> o.state
  ) order by name for no key update;
  update dead_letter_group g set
    open = g.open + d.open, closed = g.closed + d.closed, archived = g.archived + d.archived,
    discarded = g.discarded + d.discarded, last_seen = greatest(g.last_seen, d.last_seen),
    last_replayed_at = case when d.replayed then now() else g.last_replayed_at end
  from (
    select n.group_name, sum((n.state = 'open')::int - (o.state = 'open')::int) as open,
      sum((n.state = 'closed')::int - (o.state = 'closed')::int) as closed,
      sum((n.state = 'archived')::int - (o.state = 'archived')::int) as archived,
      sum((n.state = 'discarded')::int - (o.state = 'discarded')::int) as discarded,
      max(n.at) as last_seen, bool_or(n.state = 'closed') as replayed
    from new_letters n join old_letters o on o.id = n.id
    where n.state <> o.state group by n.group_name
  ) d
  where g.name = d.group_name;
  return null;
end $$;

create function count_erased_dead_letters() returns trigger language plpgsql as $$
begin
  perform from dead_letter_group where name in (select group_name from old_letters)
    order by name for no key update;
  update dead_letter_group g set
    open = g.open - d.open, closed = g.closed - d.closed, archived = g.archived - d.archived,
    discarded = g.discarded - d.discarded
  from (
    select group_name, count(*) filter (where state = 'open') as open,
      count(*) filter (where state = 'closed') as closed, count(*) filter (where state = 'archived') as archived,
      count(*) filter (where state = 'discarded') as discarded
    from old_letters group by group_name
  ) d
  where g.name = d.group_name;
  return null;
end $$;

create trigger dead_letter_added after insert on dead_letter
  referencing new table as new_letters for each statement execute function count_new_dead_letters();
create trigger dead_letter_changed after update on dead_letter
  referencing old table as old_letters new table as new_letters
  for each statement execute function count_changed_dead_letters();
create trigger dead_letter_erased after delete on dead_letter
  referencing old table as old_letters for each statement execute function count_erased_dead_letters();

-- Those from before.
insert into dead_letter_group (name, queue, stage, error_code, error, open, closed, first_seen, last_seen, builds)
  select group_name, min(queue), min(stage), min(error_code), max(error), count(*) filter (where state = 'open'),
    count(*) filter (where state = 'closed'), min(at), max(at), array_agg(distinct build)
  from dead_letter group by group_name;

-- Who did what to a letter or a group, when and why. What did not change is null.
create table dead_letter_change (
  id              bigint generated always as identity primary key,
  letter          uuid,
  group_name      text not null,
  action          text not null check (action in ('edit', 'archive', 'restore', 'discard', 'note')),
  person          text not null,
  reason          text not null,
  state_before    text,
  state_after     text,
  headers_before  jsonb,
  headers_after   jsonb,
  body_before     bytea,
  body_after      bytea,
  at              timestamptz not null default now()
);
create index dead_letter_change_letter on dead_letter_change (letter, id) where letter is not null;

-- Who brings a queue in line with its rows at the moment.
create table dead_letter_sweep (
  queue        text primary key,
  holder       uuid not null,
  lease_until  timestamptz not null
);

-- The open letters whose message that sweep has met in the queue, or knows to be on its way. It is worth nothing after
-- a crash.
create unlogged table dead_letter_seen (
  queue   text not null,
  letter  uuid not null,
  is_met  boolean not null,
  primary key (queue, letter)
);

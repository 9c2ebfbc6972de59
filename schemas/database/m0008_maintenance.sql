-- History and charges by month, so that what is old goes at once and costs no more than what is young. Workers make the
-- months ahead and drop the old ones; whatever falls into no month waits in the default partition until there is one.

-- The first UUID of a time (RFC 9562, version 7): charges go by their ids, which stay unique across the months.
create function uuid_at(t timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from t) * 1000)::int8), 12, '0') || '70008000000000000000')::uuid
$$;

-- Where a month of a table begins.
create function month_bound(parent text, month timestamp) returns text language sql immutable as $$
  select case parent when 'charge' then uuid_at(month at time zone 'UTC')::text
    else to_char(month, 'YYYY-MM-DD"T00:00:00Z"') end
$$;

-- Makes this month and the next ones. A table is attached, not made in its place: that holds nobody up who writes.
create function make_months(parent text, ahead int) returns int language plpgsql as $$
declare
  month timestamp := date_trunc('month', now() at time zone 'UTC');
  last timestamp := month + ahead * interval '1 month';
  key text := case parent when 'charge' then 'id' else 'at' end;
  made int := 0;
  name text;
  lower text;
  upper text;
begin
  while month <= last loop
    name := parent || to_char(month, '_YYYY_MM');
    lower := month_bound(parent, month);
    month := month + interval '1 month';
    upper := month_bound(parent, month);
    continue when to_regclass(name) is not null;
    execute format('create table %I (like %I including defaults including constraints)', name, parent);
    execute format(
      'with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
      parent || '_default', key, lower, key, upper, name);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, lower, upper);
    made := made + 1;
  end loop;
  return made;
end $$;

-- Drops the months that ended longer ago than the age.
create function drop_months(parent text, age interval) returns int language plpgsql as $$
declare
  dropped int := 0;
  name text;
begin
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(parent) and c.relname ~ '_\d{4}_\d{2}$'
      and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' < now() - age
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- What there is becomes the month of today, with all before it.
do $$
declare
  parent text;
  month timestamp := date_trunc('month', now() at time zone 'UTC');
  old text;
begin
  alter table history alter column id drop identity;
  alter table history drop constraint history_pkey;
  foreach parent in array array['history', 'charge'] loop
    old := parent || to_char(month, '_YYYY_MM');
    execute format('alter table %I rename to %I', parent, old);
    execute format('create table %I (like %I including defaults including constraints) partition by range (%I)',
      parent, old, case parent when 'charge' then 'id' else 'at' end);
    execute format('create table %I partition of %I default', parent || '_default', parent);
  end loop;
  -- The old tables' indexes have their names.
  execute format('alter index history_asset rename to %I', to_char(month, '"history_"YYYY_MM"_asset"'));
  execute format('alter index charge_asset rename to %I', to_char(month, '"charge_"YYYY_MM"_asset"'));
  execute format('alter index charge_at rename to %I', to_char(month, '"charge_"YYYY_MM"_at"'));
  execute format('alter index charge_pkey rename to %I', to_char(month, '"charge_"YYYY_MM"_pkey"'));
  alter table history add primary key (id, at);
  alter table charge add primary key (id);
  create index history_asset on history (asset, id);
  create index charge_asset on charge (asset, stage);
  create index charge_at on charge (at);
  foreach parent in array array['history', 'charge'] loop
    execute format('alter table %I attach partition %I for values from (minvalue) to (%L)', parent,
      parent || to_char(month, '_YYYY_MM'), month_bound(parent, month + interval '1 month'));
  end loop;
  alter table history alter column id add generated always as identity;
end $$;
select setval(pg_get_serial_sequence('history', 'id'), coalesce(max(id), 0) + 1, false) from history;
select make_months('history', 2), make_months('charge', 2);

-- Finished replays are deleted after a while, and their items with them. Items of one replay stand side by side.
create index replay_finished on replay (finished_at) where finished_at is not null;
create index replay_item_replay on replay_item using brin (replay);

"""What an asset costs when many are in the library already; what more processes bring."""

from contextlib import ExitStack, contextmanager
from functools import partial

from harness import database, reelmill
from harness.workload import Bars, Column, Contender, Goal, Measurement, Workload

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PROCESSES = (1, 2, 4)

# Finished assets as five idle stages leave them, older than those that will be measured.
LIBRARY = """
with ids as (
  select ('018f0000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid as id, number
  from generate_series({first}, {last}) number
), assets as (
  insert into asset (id, organisation, owner, media_type, lifecycle, root, title)
  select id, 'default', 'benchmark', 'text', 'active', id, 'Asset ' || number from ids
), sources as (
  insert into artifact (asset, kind, fingerprint, value, blob, blob_size)
  select id, 'source', sha256(int8send(number)), '{{}}', sha256(int8send(number)), 1000 from ids
), results as (
  insert into artifact (asset, kind, fingerprint, inputs, definition, value)
  select id, stage || '-result', sha256(int8send(number)), sha256(int8send(number)), sha256(stage::bytea),
    jsonb_build_object('asset', id, 'pad', repeat('x', 150))
  from ids, unnest(array['one', 'two', 'three', 'four', 'five']) stage
), runs as (
  insert into run (asset, stage, inputs, definition, state, token, attempts, started_at, finished_at)
  select id, stage, sha256(int8send(number)), sha256(stage::bytea), 'done', number, 1, now(), now()
  from ids, unnest(array['one', 'two', 'three', 'four', 'five']) stage
)
insert into history (asset, stage, event, attempt, duration_ms)
select id, stage, 'done', 1, 0 from ids, unnest(array['one', 'two', 'three', 'four', 'five']) stage
"""
CHUNK = 20_000


@contextmanager
def libraries(session):
    """A database for each size, so that the sizes can take turns."""
    with ExitStack() as stack:
        urls = {}
        for size in SIZES:
            urls[size] = stack.enter_context(reelmill.installation(session, f"bench_{size}"))
            finished = session.size(size, size // 100)
            for first in range(0, finished, CHUNK):
                last = min(first + CHUNK, finished) - 1
                database.execute(urls[size], LIBRARY.format(first=first, last=last))
        # Each installation began without queues; the last has left them.
        yield urls


def beside(session, urls, size):
    """A run beside so many assets; what it brought is taken out again."""
    url, count = urls[size], session.size(5_000, 200)
    reelmill.add_assets(url, 0, count)
    try:
        values = reelmill.work(session, url, f"scale {size}", count, processes=1).run(session).values
    finally:
        reelmill.remove_assets(url)
    return Measurement({**values, "cost_us": round(sum(values[f"{part}_us"] for part in ("client", "broker", "database")), 1)})


def together(session, urls, processes):
    """A run of several processes, beside the smallest library."""
    url, count = urls[SIZES[0]], session.size(10_000, 400)
    reelmill.add_assets(url, 0, count)
    try:
        return reelmill.work(session, url, f"scale {processes} processes", count, processes).run(session)
    finally:
        reelmill.remove_assets(url)


def named(size):
    return f"Reelmill, {size:,} assets"


WORKLOAD = Workload(
    name="scale",
    title="Scale",
    what="""The durable pipeline beside a library of finished assets, made with SQL: each has its source, five results,
five runs and their history. The database keeps the small memory that it has by default (128 MB of shared buffers), so
the larger libraries do not fit. “Cost” is the CPU time of worker, broker and database together for one asset. Below, the
same pipeline with more worker processes, on a machine whose processors broker and database share.""",
    limits="""The cost of an asset does not depend on how many there are: every statement on its way finds its rows by
primary key or by an index of what is open, and new rows go to the end of time-ordered indexes. More processes bring
more as long as a processor is free; on two cores broker and database use most of them beside a single worker.""",
    contenders=(
        *(Contender(named(size), partial(beside, size=size), "1 process") for size in SIZES),
        *(Contender(f"Reelmill, {number} processes" if number > 1 else "Reelmill, 1 process", partial(together, processes=number), "1,000 assets") for number in PROCESSES),
    ),
    columns=(
        Column("rate", "assets/s", spread=True),
        Column("cost_us", "cost µs", spread=True),
        Column("client_us", "client µs"),
        Column("broker_us", "broker µs"),
        Column("database_us", "database µs"),
    ),
    goals=(Goal("the cost beside 1,000 assets, with 1,000,000", "cost_us", named(SIZES[-1]), (named(SIZES[0]),), at_most=1.1),),
    plots=(
        Bars("cost_us", "CPU time of one asset, beside finished ones", "µs"),
        Bars("rate", "Throughput", "assets/s"),
    ),
    rounds=3,
    shared=libraries,
)  # fmt: skip

"""Reelmill's own workers on its own queues and tables: how they are prepared, filled and checked."""

import subprocess
import tempfile
from contextlib import contextmanager

from . import database
from .broker import Broker, fill
from .queue_work import QueueWork
from .session import Session
from .workload import Failed

# As Tests/Benchmark/IdleStage.swift has them; `end` is not served, it collects.
STAGES = ("one", "two", "three", "four", "five")
SOURCE, TARGET = "one.live", "end.live"
QUEUES = [SOURCE, *(f"{stage}.live" for stage in STAGES[1:]), TARGET]
EVERY_QUEUE = [
    "reelmill.unroutable",
    *(f"{stage}.{end}" for stage in ("dispatch", *STAGES, "end") for end in ("live", "bulk", "dead")),
]
NAMESPACE = "01900000-0000-7000-8000-"


def asset_id(number):
    return f"{NAMESPACE}{number:012x}"


def body(number, stage):
    return f'{{"assetId":"{asset_id(number)}","mediaType":"text","requestedAt":1691352890123,"stage":"{stage}"}}'


# Assets as `reelmill ingest` leaves them, with their content's fingerprint. A range of numbers, and a lifecycle.
ASSETS = """
with ids as (
  select ('{namespace}' || lpad(to_hex(number), 12, '0'))::uuid as id, number
  from generate_series({first}, {last}) number
), assets as (
  insert into asset (id, organisation, owner, media_type, lifecycle, root, title)
  select id, 'default', 'benchmark', 'text', '{lifecycle}', id, 'Asset ' || number from ids
)
insert into artifact (asset, kind, fingerprint, value, blob, blob_size)
select id, 'source', sha256(int8send(number)), '{{}}', sha256(int8send(number)), 1000 from ids
"""


@contextmanager
def installation(session: Session, name="bench"):
    """A fresh database with Reelmill's schema, and its queues on the broker: both empty, gone at the end."""
    with database.fresh(session.database, name) as url, Queues(session):
        subprocess.run([*pipeline(session, url), "--prepare"], check=True, timeout=60, capture_output=True)
        yield url


class Queues:
    """Reelmill's queues are gone before and after."""

    def __init__(self, session):
        self.session = session

    def __enter__(self):
        with Broker(self.session.amqp) as broker:
            broker.delete(EVERY_QUEUE)

    def __exit__(self, *_):
        self.__enter__()


def pipeline(session, url):
    return [session.program("Benchmark"), "pipeline", session.amqp, url, str(session.folder)]


def add_assets(url, first, count, lifecycle="active"):
    database.execute(
        url, ASSETS.format(namespace=NAMESPACE, first=first, last=first + count - 1, lifecycle=lifecycle)
    )


def remove_assets(url):
    """Those that were added, with all that was made of them."""
    above = f">= '{asset_id(0)}'"
    tables = ("artifact", "run", "history")
    database.execute(
        url, *(f"delete from {table} where asset {above}" for table in tables), f"delete from asset where id {above}"
    )


def work(session, url, name, count, processes, first=0, announced="one"):
    """A run over assets that are there: they come as messages for the first stage, or as `initial` ones to dispatch."""
    source = SOURCE if announced == "one" else "dispatch.live"
    queues = QUEUES if announced == "one" else [source, *QUEUES]

    def fill_source(broker):
        for queue in EVERY_QUEUE:
            broker.channel.queue_purge(queue)
        lines = (body(number, announced) for number in range(first, first + count))
        fill(str(session.c / "publish"), session.amqp, source, lines)
        database.settle(url)

    return QueueWork(
        name, queues, count, [pipeline(session, url)] * processes, fill=fill_source,
        check=lambda: check(url, first, count),
    )  # fmt: skip


def check(url, first, count):
    """Each stage has one run, one artifact and one line of history for each asset, and nothing was given up."""
    rows = count * len(STAGES)
    belongs = f"asset between '{asset_id(first)}' and '{asset_id(first + count - 1)}'"
    expect(url, "runs done", f"select count(*) from run where state = 'done' and {belongs}", rows)
    expect(url, "artifacts", f"select count(*) from artifact where kind <> 'source' and {belongs}", rows)
    expect(url, "lines of history", f"select count(*) from history where event = 'done' and {belongs}", rows)
    expect(url, "dead letters", "select count(*) from dead_letter", 0)
    expect(url, "messages in the outbox", "select count(*) from outbox", 0)


def expect(url, what, query, wanted):
    if (found := database.count(url, query)) != wanted:
        raise Failed(f"expected {wanted} {what}, found {found}")

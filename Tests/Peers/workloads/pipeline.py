"""Five durable stages, each committed before the next message goes out."""

from functools import partial

from harness import database, reelmill
from harness.queue_work import peer_work
from harness.reelmill import expect
from harness.workload import CPU_COLUMNS, CPU_PARTS, DATABASE_PART, Bars, Column, Contender, Goal, Stack, Workload

STAGES = 5
# Messages taken ahead for each stage in each process; Reelmill takes 128.
PREFETCH = 256


def ours(session, shared, processes, announced="one"):
    count = session.size(5_000, 300)
    with reelmill.installation(session) as url:
        reelmill.add_assets(url, 0, count, lifecycle="active" if announced == "one" else "draft")
        return reelmill.work(session, url, f"pipeline reelmill {processes}", count, processes, announced=announced).run(
            session
        )


def theirs(session, shared, worker, full, processes, writer="single"):
    count = session.size(full, 100)
    with database.fresh(session.database) as url:
        database.execute(url, database.STAGE_RESULT)
        database.settle(url)

        def check():
            expect(url, "results", "select count(*) from stage_result", count * STAGES)

        work = peer_work(
            session, f"pipeline {worker} {writer} {processes}", worker, STAGES, count, processes, PREFETCH,
            database=url, check=check, writer=writer,
        )  # fmt: skip
        return work.run(session)


AS_THEY_STAND = ("aio-pika, 1 process", "aio-pika", "Dramatiq", "FastStream", "Celery")

WORKLOAD = Workload(
    name="pipeline",
    title="Durable pipeline",
    what="""Assets go through five stages that do nothing but leave a value of some 220 bytes; each result is committed
before the message for the next stage is published, whose confirm comes before the acknowledgement. Quorum queues
throughout. What Reelmill commits for a stage: a claim with its token and lease, the artifact with its recipe and
fingerprints, the run, the line of history; and it plans what comes next from what the database says then. The peers
commit one row. After the fifth stage all publish once more, to a queue that collects. Each has two processes unless
something else is said. “From `initial`” starts with drafts and the message of a producer: one hop more, in which
`dispatch` makes the asset active and plans. “Batching” is aio-pika with a writer made for this comparison: one
statement for all results that came while the one before was on its way.""",
    limits="""The two processors. Of what an asset costs in Reelmill, its own process takes two fifths, the database a
third and the broker a quarter. In the process most goes into tasks and their memory, reference counts and dictionaries
of small values, spread evenly: no function has more than a tenth of it. In the database it is the rows: a run claimed
and ended, an artifact, a line of history, and the asset read again, each in batches of some 80. The Python peers are
limited by their own processes first, then by one commit for each result; batching removes the second.""",
    contenders=(
        Contender("Reelmill", partial(ours, processes=2), "2 processes"),
        Contender("Reelmill, 1 process", partial(ours, processes=1)),
        Contender("Reelmill from `initial`", partial(ours, processes=2, announced="initial"), "six hops"),
        Contender("aio-pika, batching", partial(theirs, worker="aio_pika", full=3_000, processes=2, writer="batches"), "asyncpg, one connection a process"),
        Contender("aio-pika, batching, 1 process", partial(theirs, worker="aio_pika", full=3_000, processes=1, writer="batches")),
        Contender("aio-pika", partial(theirs, worker="aio_pika", full=2_000, processes=2), "asyncpg, 16 connections a process"),
        Contender("aio-pika, 1 process", partial(theirs, worker="aio_pika", full=2_000, processes=1)),
        Contender("Dramatiq", partial(theirs, worker="dramatiq", full=1_500, processes=2), "psycopg, 2 × 8 threads"),
        Contender("FastStream", partial(theirs, worker="faststream", full=1_500, processes=2), "asyncpg"),
        Contender("Celery", partial(theirs, worker="celery", full=500, processes=2), "psycopg, prefork"),
    ),
    columns=(
        Column("rate", "assets/s", spread=True), *CPU_COLUMNS, Column("database_us", "database µs"),
    ),  # fmt: skip
    goals=(
        Goal("the best peer as it stands", "rate", "Reelmill", AS_THEY_STAND, at_least=8),
        Goal("a peer that writes in batches", "rate", "Reelmill", ("aio-pika, batching", "aio-pika, batching, 1 process"), at_least=6),
    ),
    plots=(
        Bars("rate", "Five durable stages", "assets/s"),
        Stack((*CPU_PARTS, DATABASE_PART), "CPU time of one asset through five stages", "µs an asset"),
    ),
    rounds=3,
)  # fmt: skip

"""Resident memory of workers, over many messages."""

from functools import partial
from pathlib import Path
from statistics import median

from harness import reelmill
from harness.broker import wait_until
from harness.processes import MemoryWatch, spawn, stop
from harness.workload import Bars, Column, Contender, Failed, Goal, Lines, Measurement, Workload

from . import pipeline

# All but `embed`, which holds the encoder.
STAGES = "dispatch,inspect,captions,keyframes,audio,transcribe,label,passages,index"


def million(session, shared):
    """200,000 assets through five stages are a million messages."""
    count = session.size(200_000, 10_000)
    with reelmill.installation(session) as url:
        reelmill.add_assets(url, 0, count)
        work = reelmill.work(session, url, "memory reelmill", count, processes=1)
        work.keeps_course = True
        measurement = work.run(session)
    course = measurement.series
    early = [size for handled, size in course if 0.1 <= handled / course[-1][0] <= 0.3]
    late = [size for handled, size in course if handled / course[-1][0] >= 0.8]
    if not early or not late:
        raise Failed("the run was too short for a course of its memory")
    values = {key: measurement.values[key] for key in ("resident_mb", "other_cores")}
    growth = (median(late) / median(early) - 1) * 100
    return Measurement({**values, "messages": count * 5, "growth_percent": round(growth, 1)}, thin(course))


def thin(course, most=200):
    return course[:: max(1, len(course) // most)]


def idle(session, shared):
    """`reelmill work` itself, with its tools, when it has taken up work."""
    with reelmill.installation(session) as url:
        session.migrate(url)
        log = Path(session.log("memory work"))
        log.unlink(missing_ok=True)
        process = spawn([session.program("reelmill"), "work", "--stages", STAGES], session.reelmill(url), str(log))
        try:
            wait_until(lambda: "working;" in log.read_text(), 30, 0.02, "reelmill work was not ready", [process])
            with MemoryWatch([process]) as memory:
                memory.ended.wait(2)
        finally:
            stop([process])
    return Measurement({"resident_mb": round(memory.largest / 1e6, 1)})


def peer(session, shared, **worker):
    measurement = pipeline.theirs(session, shared, **worker)
    return Measurement({key: measurement.values[key] for key in ("resident_mb", "resident_all_mb")})


WORKLOAD = Workload(
    name="memory",
    title="Memory",
    what="""The largest resident memory of one worker process, in millions of bytes: under the load of the durable
pipeline, and for `reelmill work` as it stands ready with all its stages but the one that holds the encoder. Reelmill's
worker handles a million messages, and its memory is looked at four times a second; growth compares the last fifth with
the second and third tenth. “All” is the sum of the processes of a peer: parents, workers, helpers.""",
    limits="""What is in flight, which is bounded: the messages that were taken ahead and their results, one batch of
statements and the one that gathers. Nothing is kept for an asset after its message is acknowledged.""",
    contenders=(
        Contender("Reelmill", million, "a million messages"),
        Contender("Reelmill, `work` ready", idle, "all stages without the encoder"),
        Contender("aio-pika", partial(peer, worker="aio_pika", full=1_000, processes=1), "asyncpg"),
        Contender("Dramatiq", partial(peer, worker="dramatiq", full=1_000, processes=1), "psycopg, 8 threads"),
        Contender("FastStream", partial(peer, worker="faststream", full=1_000, processes=1), "asyncpg"),
        Contender("Celery", partial(peer, worker="celery", full=300, processes=2), "psycopg, prefork"),
    ),
    columns=(
        Column("resident_mb", "MB a process", spread=True),
        Column("resident_all_mb", "MB in all"),
        Column("messages", "messages"),
        Column("growth_percent", "growth %", digits=1),
    ),
    goals=(
        Goal("MB, working", "resident_mb", "Reelmill", at_most=60),
        Goal("MB, `work` without the encoder", "resident_mb", "Reelmill, `work` ready", at_most=60),
        Goal("growth in percent, over the messages", "growth_percent", "Reelmill", at_most=5),
    ),
    plots=(
        Bars("resident_mb", "Resident memory of one worker process", "MB"),
        Lines("Memory over a million messages", "million messages", "MB resident"),
    ),
    rounds=1,
)  # fmt: skip

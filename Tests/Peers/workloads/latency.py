"""One asset at a time through five idle stages."""

import time
from functools import partial
from statistics import quantiles

from harness import database, reelmill
from harness.broker import Broker, peer_body
from harness.processes import spawn, stop
from harness.queue_work import peer_work
from harness.session import PEERS
from harness.workload import Bars, Column, Contender, Failed, Goal, Measurement, Workload


def ours(session, shared):
    count = session.size(300, 20)
    with reelmill.installation(session) as url:
        reelmill.add_assets(url, 0, count)
        database.settle(url)
        work = reelmill.work(session, url, "latency reelmill", count, processes=1)
        measurement = walk(session, work, [reelmill.body(number, "one") for number in range(count)])
        reelmill.check(url, 0, count)
        return measurement


def theirs(session, shared, writer):
    count = session.size(300, 20)
    with database.fresh(session.database) as url:
        database.execute(url, database.STAGE_RESULT)
        database.settle(url)
        work = peer_work(
            session, f"latency {writer}", "aio_pika", 5, count, processes=1, prefetch=64, database=url, writer=writer
        )
        with Broker(session.amqp) as broker:
            broker.delete(work.queues)
            broker.declare(work.queues)
        measurement = walk(session, work, [peer_body(number) for number in range(count)])
        reelmill.expect(url, "results", "select count(*) from stage_result", count * 5)
        return measurement


def walk(session, work, bodies):
    """Sends one message after the other, each when the one before has come out at the end."""
    processes = [spawn(command, work.environment, session.log(work.name), PEERS / "workers") for command in work.commands]
    milliseconds = []
    try:
        with Broker(session.amqp) as broker:
            arrivals = broker.channel.consume(work.queues[-1], auto_ack=True, inactivity_timeout=30)
            for body in bodies:
                start = time.perf_counter()
                broker.channel.basic_publish("", work.queues[0], body.encode(), broker.persistent)
                method, _, _ = next(arrivals)
                milliseconds.append((time.perf_counter() - start) * 1e3)
                if method is None:
                    raise Failed("an asset did not arrive within 30 s")
    finally:
        stop(processes)
    # The first ones wait for connections and plans to be made.
    steady = milliseconds[len(milliseconds) // 10 :]
    hundredths = quantiles(steady, n=100)
    return Measurement({f"p{each}_ms": round(hundredths[each - 1], 2) for each in (50, 95, 99)})


WORKLOAD = Workload(
    name="latency",
    title="Latency",
    what="""One asset at a time goes through the five stages of the durable pipeline, with nothing else to do for the
worker; from the publish of its message to its arrival in the queue behind the fifth stage. One process each.""",
    limits="""Ten commits and ten syncs one after another: each stage waits for the commit of its result in PostgreSQL and
for the confirm of its message from RabbitMQ, which syncs its log. Reelmill commits a claim too, before the work.""",
    contenders=(
        Contender("Reelmill", ours),
        Contender("aio-pika", partial(theirs, writer="single"), "asyncpg"),
        Contender("aio-pika, batching", partial(theirs, writer="batches"), "asyncpg"),
    ),
    columns=(
        Column("p50_ms", "median ms", digits=1, spread=True),
        Column("p95_ms", "p95 ms", digits=1, spread=True),
        Column("p99_ms", "p99 ms", digits=1),
    ),
    goals=(Goal("milliseconds, median", "p50_ms", "Reelmill", at_most=10),),
    plots=(Bars("p50_ms", "One asset through five idle stages, median", "ms", digits=1),),
)

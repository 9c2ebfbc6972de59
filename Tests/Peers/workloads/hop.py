"""One hop, through one process."""

from functools import partial

from harness.broker import fill, peer_body
from harness.queue_work import QueueWork, peer_work
from harness.workload import CPU_COLUMNS, CPU_PARTS, Bars, Column, Contender, Goal, Stack, Workload

PREFETCH = 64


def loop(session, shared, name, command):
    """One of the two that take source and target as arguments."""
    queues = [f"hop.{name}.0", f"hop.{name}.1"]
    count = session.size(20_000, 2_000)

    def fill_source(broker):
        broker.delete(queues)
        broker.declare(queues)
        fill(str(session.c / "publish"), session.amqp, queues[0], map(peer_body, range(count)))

    return QueueWork(
        f"hop {name}", queues, count, [command(session, *queues, str(count))], fill=fill_source, services=("broker",)
    ).run(session)


def reelmill(session, source, target, count):
    return [
        session.program("Benchmark"), "hop", session.amqp, source, target, count, "--prefetch", str(PREFETCH), "--stay",
    ]  # fmt: skip


def c(session, source, target, count):
    return [str(session.c / "hop"), session.amqp, source, target, count, str(PREFETCH)]


def peer(session, shared, worker, full):
    count = session.size(full, 500)
    return peer_work(session, f"hop {worker}", worker, 1, count, processes=1, prefetch=PREFETCH).run(session)


WORKLOAD = Workload(
    name="hop",
    title="One hop",
    what=f"""A message of 220 bytes is taken from a quorum queue, published to another as a persistent one, its confirm
awaited, then it is acknowledged. One process, {PREFETCH} messages taken ahead. The first queue is full before the
worker starts; the clock runs from the first message that leaves it to the last that stands in the second. Celery and
Dramatiq move messages of their own format, which are longer. Reelmill publishes with the flag `mandatory`, on a
connection of its own, as it always does; the others use one connection and do not ask for messages back that no queue
takes.""",
    limits="""The broker: it writes each message to the log of two queues, and has one process for each queue. The
C loop and Reelmill leave most of a processor idle; librabbitmq writes three times to its socket for each message,
Reelmill once for all that a turn of its loop brought. The Python peers are limited by themselves.""",
    contenders=(
        Contender("Reelmill", partial(loop, name="reelmill", command=reelmill), "`Sources/AMQP`, one event loop"),
        Contender("C", partial(loop, name="c", command=c), "a loop on librabbitmq, `Tests/Peers/c/hop.c`"),
        Contender("aio-pika", partial(peer, worker="aio_pika", full=10_000), "on uvloop"),
        Contender("Dramatiq", partial(peer, worker="dramatiq", full=6_000), "8 threads"),
        Contender("FastStream", partial(peer, worker="faststream", full=6_000), "on uvloop"),
        Contender("Celery", partial(peer, worker="celery", full=2_000), "the solo pool"),
    ),
    columns=(Column("rate", "messages/s", spread=True), *CPU_COLUMNS),
    goals=(
        Goal("a loop in C", "rate", "Reelmill", ("C",), at_least=1.0),
        Goal("aio-pika", "rate", "Reelmill", ("aio-pika",), at_least=5.0),
    ),
    plots=(
        Bars("rate", "One hop", "messages/s"),
        Stack(CPU_PARTS, "CPU time of one hop", "µs a message"),
    ),
)

"""Publishing, with every message's confirm awaited."""

from functools import partial

from harness.broker import Broker, fill, peer_body
from harness.processes import Meter
from harness.session import PYTHON
from harness.workload import Bars, Column, Contender, Failed, Goal, Measurement, Workload

WINDOW = 256


def run(session, shared, name, full, publish):
    """A publisher that says itself how long it took, from the first message to the last confirm."""
    queue = f"publish.{name}"
    count = session.size(full, 2_000)
    with Broker(session.amqp) as broker:
        broker.delete([queue])
        broker.declare([queue])
        meter = Meter(broker=session.services["broker"])
        start = meter.sample()
        said = publish(session, queue, count)
        values = meter.between(start, meter.sample(), count)
        arrived = broker.depth(queue)
        broker.delete([queue])
    if arrived != count:
        raise Failed(f"{arrived} messages arrived, {count} were published")
    return Measurement(
        {
            "rate": round(count / said["seconds"], 1),
            "client_us": round(said["cpu"] / count * 1e6, 1),
            "broker_us": values["broker_us"],
        }
    )


def reelmill(session, queue, count):
    command = [session.program("Benchmark"), "publish", session.amqp, queue, str(count), "--window", str(WINDOW)]
    return session.output(command, [])


def c(session, queue, count):
    return fill(str(session.c / "publish"), session.amqp, queue, map(peer_body, range(count)))


def aio_pika(session, queue, count):
    command = [PYTHON, "aio_pika_publisher.py", session.amqp, queue, str(WINDOW)]
    return session.output(command, map(peer_body, range(count)))


WORKLOAD = Workload(
    name="publish",
    title="Publishing",
    what=f"""Persistent messages of 220 bytes are published to a quorum queue, and each one's confirm is awaited; at most
{WINDOW} are unconfirmed at a time. The publishers read the clock themselves: the first message goes out after the
connection stands.""",
    limits="""The broker: one process appends all messages of a queue to its log and has them synced to the disk, in
batches. A larger window gives larger batches.""",
    contenders=(
        Contender("Reelmill", partial(run, name="reelmill", full=50_000, publish=reelmill), "`Sources/AMQP`"),
        Contender("C", partial(run, name="c", full=50_000, publish=c), "on librabbitmq, `Tests/Peers/c/publish.c`"),
        Contender("aio-pika", partial(run, name="aio-pika", full=15_000, publish=aio_pika), "on uvloop"),
    ),
    columns=(
        Column("rate", "messages/s", spread=True),
        Column("client_us", "client µs", digits=1),
        Column("broker_us", "broker µs"),
    ),
    goals=(Goal("C", "rate", "Reelmill", ("C",), at_least=0.9),),
    plots=(Bars("rate", "Publishing, every confirm awaited", "messages/s"),),
)

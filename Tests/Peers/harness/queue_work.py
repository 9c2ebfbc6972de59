"""Workers that move messages from a queue to a queue, stage by stage: started, watched, stopped, checked."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from .broker import Broker, fill, peer_body, wait_until
from .processes import MemoryWatch, Meter, spawn, stop
from .session import PEERS, PYTHON, Session
from .workload import Failed, Measurement

# Time for all of it to come through, far above what the slowest takes.
LIMIT = 400


@dataclass
class QueueWork:
    """One run. The first queue is full before the workers start; the last one collects and is not consumed."""

    name: str
    queues: list[str]
    count: int
    commands: list[list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    # Puts the messages into the first queue, on a broker.
    fill: Callable[[Broker], None] = lambda broker: None
    # Looks at the rows when all is done.
    check: Callable[[], None] = lambda: None
    # Of the parts whose CPU time is read, beside the workers'.
    services: tuple[str, ...] = ("broker", "database")
    # Whether the course of the memory is kept.
    keeps_course: bool = False

    def run(self, session: Session) -> Measurement:
        with Broker(session.amqp) as broker:
            self.fill(broker)
            processes = [spawn(command, self.environment, session.log(self.name), PEERS / "workers") for command in self.commands]
            try:
                measurement = self._watch(session, broker, processes)
            except RuntimeError as error:
                raise Failed(f"{error}; {last_line(session.log(self.name))}") from error
            finally:
                stop(processes)
            self._check_queues(broker)
            self.check()
        return measurement

    def _watch(self, session, broker, processes):
        """The clock runs from the first message that leaves the source to the last that arrives."""
        meter = Meter(
            client=[process.pid for process in processes],
            **{part: session.services[part] for part in self.services},
        )
        with Broker(session.amqp) as observer:
            progress = (lambda: self._progress(observer)) if self.keeps_course else (lambda: None)
            wait_until(lambda: broker.depth(self.queues[0]) < self.count, 60, 0.005, "no worker took a message", processes)
            start = meter.sample()
            with MemoryWatch(processes, progress=progress) as memory:
                wait_until(lambda: broker.depth(self.queues[-1]) >= self.count, LIMIT, 0.005, "not all arrived", processes)
                end = meter.sample()
        values = meter.between(start, end, self.count)
        return Measurement(
            {**values, "resident_mb": round(memory.largest / 1e6, 1), "resident_all_mb": round(memory.total / 1e6, 1)},
            [[round(x, 4), round(y, 2)] for x, y in memory.series],
        )

    def _progress(self, broker):
        """Messages handled so far, in millions: what left each queue that is consumed."""
        ahead, handled = 0, 0
        for queue in self.queues[:-1]:
            ahead += broker.depth(queue)
            handled += self.count - ahead
        return handled / 1e6

    def _check_queues(self, broker):
        """Exactly the messages that went in have come out. What was not acknowledged would be back by now."""
        left = {queue: depth for queue in self.queues[:-1] if (depth := broker.depth(queue))}
        if left:
            raise Failed(f"messages are left in {left}")
        if (arrived := broker.depth(self.queues[-1])) != self.count:
            raise Failed(f"{arrived} messages arrived, {self.count} were sent")


def last_line(path):
    """What a worker said last."""
    with open(path, errors="replace") as file:
        return (file.read().strip().splitlines() or ["it said nothing"])[-1][:200]


# The Python workers: how their processes are started, by name.
FRAMEWORKS = ("celery", "dramatiq")


def peer_commands(worker, queues, processes):
    """The commands of one of the Python peers; each is a process, or the parent of some."""
    if worker == "celery":
        return [[
            PYTHON, "-m", "celery", "-A", "celery_worker", "worker", "-Q", ",".join(queues[:-1]), "--without-gossip",
            "--without-mingle", "--without-heartbeat", "-l", "WARNING",
            *(["-P", "solo"] if processes == 1 else ["-P", "prefork", "-c", str(processes)]),
        ]]  # fmt: skip
    if worker == "dramatiq":
        return [[PYTHON, "-m", "dramatiq", "dramatiq_worker", "--queues", *queues[:-1], "-p", str(processes), "-t", "8"]]
    return [[PYTHON, f"{worker}_worker.py"]] * processes


def peer_work(session, name, worker, stages, count, processes, prefetch, database="", check=lambda: None, writer="single"):
    """A run of one of the Python peers."""
    queues = [f"peers.{worker}.{number}" for number in range(stages + 1)]
    environment = {
        "AMQP_URL": session.amqp, "PREFIX": f"peers.{worker}", "STAGES": str(stages), "DATABASE_URL": database,
        # For each process; Celery's counts for all of its processes, Dramatiq has a variable of its own.
        "PREFETCH": str(prefetch), "dramatiq_queue_prefetch": str(prefetch), "WRITER": writer,
    }  # fmt: skip

    def fill_source(broker):
        broker.delete(queues)
        if worker in FRAMEWORKS:
            if worker == "celery":
                broker.declare(queues)
            emit(worker, environment)
            broker.copy(broker.take(queues[0]), queues[0], count)
        else:
            broker.declare(queues)
            fill(str(session.c / "publish"), session.amqp, queues[0], map(peer_body, range(count)))

    return QueueWork(
        name, queues, count, peer_commands(worker, queues, processes), environment, fill_source, check,
        services=("broker", "database") if database else ("broker",),
    )  # fmt: skip


def emit(worker, environment):
    """Has a framework publish one message of its own."""
    subprocess.run(
        [PYTHON, f"{worker}_worker.py", "emit"], env={**os.environ, **environment}, cwd=PEERS / "workers", check=True,
        timeout=60, capture_output=True,
    )  # fmt: skip

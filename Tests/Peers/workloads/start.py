"""From the start of a program to its readiness."""

import datetime
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from harness import reelmill
from harness.broker import wait_until
from harness.processes import spawn, stop
from harness.workload import Column, Contender, Goal, Measurement, Stack, Workload

# What PostgreSQL and RabbitMQ write into their logs.
DATABASE_READY = re.compile(r"^(\S+ \S+) UTC .*database system is ready to accept connections", re.MULTILINE)
BROKER_LINE = re.compile(r"^(\S+ \S+?)\+00:00 ", re.MULTILINE)
BROKER_READY = re.compile(r"^(\S+ \S+?)\+00:00 .*Server startup complete", re.MULTILINE)


def up(session, shared, warm):
    """`reelmill up` in a folder of its own; warm is the second time."""
    with tempfile.TemporaryDirectory(prefix="reelmill-up-") as folder:
        os.chmod(folder, 0o755)  # the database's account must get through
        if warm:
            bring_up(session, folder)
        return bring_up(session, folder)


def bring_up(session, folder):
    environment = {
        "REELMILL_FOLDER": folder,
        "REELMILL_DATABASE_PROGRAMS": str(session.root / ".reelmill/postgresql-18"),
    }
    log = Path(folder) / "up.log"
    log.unlink(missing_ok=True)
    start = time.time()
    process = spawn([session.program("reelmill"), "up"], environment, str(log))
    try:
        wait_until(lambda: "ready;" in log.read_text(), 60, 0.01, "reelmill up was not ready", [process])
        total = time.time() - start
    finally:
        stop([process])
    values = {"seconds": round(total, 3)}
    # The services start side by side, so these overlap; what comes after both is migrations, queues, the first lease.
    values |= {name: round(at - start, 3) for name, at in moments(Path(folder), start).items()}
    if "database_s" in values and "broker_s" in values:
        values["rest_s"] = round(total - max(values["database_s"], values["broker_s"]), 3)
        values["services_s"] = max(values["database_s"], values["broker_s"])
    shutil.rmtree(Path(folder) / "scratch", ignore_errors=True)
    return Measurement(values)


def moments(folder, start):
    """When each service said that it was ready, after the start."""
    found = {}
    for name, path, pattern in (
        ("database_s", "postgresql.log", DATABASE_READY),
        ("broker_s", "rabbitmq/log/reelmill@localhost.log", BROKER_READY),
    ):
        file = folder / path
        times = [
            datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()
            for text in pattern.findall(file.read_text(errors="replace") if file.exists() else "")
        ]
        if later := [at for at in times if at >= start]:
            found[name] = later[0]
    return found


def work(session, shared):
    """`reelmill work`, all stages, beside services that run."""
    with reelmill.installation(session) as url:
        environment = session.reelmill(url)
        session.migrate(url)
        log = Path(session.log("start work"))
        log.unlink(missing_ok=True)
        start = time.time()
        process = spawn([session.program("reelmill"), "work"], environment, str(log))
        try:
            wait_until(lambda: "working;" in log.read_text(), 30, 0.002, "reelmill work was not ready", [process])
            total = time.time() - start
        finally:
            stop([process])
    return Measurement({"seconds": round(total, 3)})


WORKLOAD = Workload(
    name="start",
    title="Start",
    what="""From the start of the program until it says that it takes messages. `up` starts a broker and a database of
its own, migrates, declares all queues and works; cold in an empty folder, where the database is made first, warm in
the folder of the time before. `work` finds services that run. “Database” and “broker” are when each was ready, by its
own log; they start side by side. The rest comes after both: what remains until they answer, migrations, queues, the
first lease.""",
    limits="""RabbitMQ: its Erlang machine loads the code of all its plugins, and boots in steps one after another. Making
the database takes place meanwhile.""",
    contenders=(
        Contender("Reelmill `up`, cold", lambda session, shared: up(session, shared, warm=False), "an empty folder"),
        Contender("Reelmill `up`, warm", lambda session, shared: up(session, shared, warm=True), "the second time"),
        Contender("Reelmill `work`", work, "services run already"),
    ),
    columns=(
        Column("seconds", "seconds", digits=2, spread=True),
        Column("database_s", "database ready", digits=2),
        Column("broker_s", "broker ready", digits=2),
        Column("rest_s", "the rest", digits=2),
    ),
    goals=(
        Goal("seconds, `up` cold", "seconds", "Reelmill `up`, cold", at_most=15),
        Goal("seconds, `work`", "seconds", "Reelmill `work`", at_most=0.3),
    ),
    plots=(
        Stack(
            (("services_s", "until both services are ready"), ("rest_s", "the rest")), "From start to ready", "seconds",
            contenders=("Reelmill `up`, cold", "Reelmill `up`, warm"), digits=2,
        ),
    ),
    rounds=3,
)  # fmt: skip

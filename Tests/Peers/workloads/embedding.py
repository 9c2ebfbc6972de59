"""Vectors of passages and of short queries."""

import random
import subprocess
import time
from functools import partial
from statistics import median

from harness.session import PEERS, PYTHON
from harness.workload import Bars, Column, Contender, Goal, Measurement, Workload

THREADS = 2
BATCH = 32
COLD_RUNS = 3


def texts(session, count, words):
    """Lines of English words, the same in each run."""
    chance = random.Random(20261121)
    vocabulary = (model(session) / "vocab.txt").read_text().split("\n")[2000:8000]
    known = [word for word in vocabulary if word.isascii() and word.isalpha() and len(word) > 2]
    return [" ".join(chance.choices(known, k=words)) for _ in range(count)]


def model(session):
    return session.root / ".reelmill/models/all-MiniLM-L6-v2"


def run(session, shared, command, query, cold):
    passages = session.output(command(session, THREADS, BATCH), texts(session, session.size(1000, 64), 120))
    queries = session.output(query(session), texts(session, session.size(200, 20), 4))
    return Measurement(
        {
            "rate": round(passages["rate"], 2),
            "client_us": round(passages["cpuMicroseconds"]),
            "p50_ms": round(queries["p50"], 3),
            "cold_ms": round(median(seconds(cold(session)) for _ in range(session.size(COLD_RUNS, 1))) * 1e3, 1),
        }
    )


def seconds(command):
    """From the start of a process to its end; it makes the vector of one query."""
    start = time.perf_counter()
    subprocess.run(
        command, input="old harbour ships\n", text=True, check=True, capture_output=True, cwd=PEERS / "workers", timeout=120
    )
    return time.perf_counter() - start


def ours(session, threads, batch):
    program = [session.program("Benchmark"), "embed", str(model(session))]
    return [*program, "--threads", str(threads), "--batch", str(batch)]


def theirs(session, threads, batch):
    return [PYTHON, "sentence_transformers_worker.py", str(model(session)), str(threads), str(batch)]


WORKLOAD = Workload(
    name="embedding",
    title="Embedding",
    what=f"""1,000 passages of 120 words become vectors with all-MiniLM-L6-v2, {BATCH} a call, on {THREADS} threads; then
short queries of four words, one a call. “Cold” is one query in a process of its own, from its start to its end. Both
read the same weights; the tests compare the vectors.""",
    limits="""Matrix products: OpenBLAS and oneDNN have about the same kernels for them. Passages go through the model one
behind the other without padding, on one thread each. A short query waits for memory: all 42 MB of the weights are read
for it. A cold process maps them; nothing is copied or converted.""",
    contenders=(
        Contender(
            "Reelmill",
            partial(run, command=ours, query=partial(ours, threads=1, batch=1), cold=lambda session: [*ours(session, 1, 1), "--vectors"]),
            "`Sources/MiniLM`",
        ),
        Contender(
            "sentence-transformers",
            partial(run, command=theirs, query=partial(theirs, threads=THREADS, batch=1), cold=partial(theirs, threads=THREADS, batch=0)),
            "on PyTorch",
        ),
    ),
    columns=(
        Column("rate", "passages/s", digits=1, spread=True),
        Column("client_us", "CPU µs a passage"),
        Column("p50_ms", "a query, ms", digits=1, spread=True),
        Column("cold_ms", "cold, ms", spread=True),
    ),
    goals=(
        Goal("passages/s", "rate", "Reelmill", ("sentence-transformers",), at_least=1),
        Goal("a query's time", "p50_ms", "Reelmill", ("sentence-transformers",), at_most=0.2),
        Goal("a query's time, cold", "cold_ms", "Reelmill", ("sentence-transformers",), at_most=0.2),
    ),
    plots=(Bars("rate", "Passages of 120 words, two threads", "passages/s", digits=1),),
    rounds=3,
    is_large=True,
)  # fmt: skip

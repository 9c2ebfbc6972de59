"""Search by meaning and by words among 100,000 passages."""

import json
import math
import random
import struct
from contextlib import contextmanager
from functools import partial

from harness import database, reelmill
from harness.session import PYTHON
from harness.workload import Bars, Column, Contender, Failed, Goal, Measurement, Workload

DIMENSION = 384
HITS = 10
PASSAGES_OF_ASSET = 100
WORDS_OF_PASSAGE = 60
VOCABULARY = 20_000

# Words are as frequent as in language: the k-th of them about 1/k as often as the first.
FILL = f"""
create unlogged table bench_word as
  select number, translate(md5(number::text), '0123456789', 'ghijklmnop') as word
  from generate_series(1, {VOCABULARY}) number;
create unique index on bench_word (number);
insert into asset (id, organisation, owner, media_type, lifecycle, root, title)
select id, 'default', 'benchmark', 'text', 'active', id, 'Asset'
from (select distinct md5((number / {PASSAGES_OF_ASSET})::text)::uuid as id from bench_vector) ids;
insert into passage (asset, root, ordinal, modality, language, text, digest, words, section)
select asset, asset, number % {PASSAGES_OF_ASSET}, 'text', 'english', text, sha256(text::bytea),
  to_tsvector('english', text), number::text
from (
  select number, md5((number / {PASSAGES_OF_ASSET})::text)::uuid as asset, (
    select string_agg(word, ' ') from (
      select floor(pow({VOCABULARY}, random()))::int as place from generate_series(1, {WORDS_OF_PASSAGE})
      where number >= 0) places
    join bench_word w on w.number = place) as text
  from bench_vector) texts;
insert into vector_minilm (passage, organisation, vector)
select p.id, 'default', v.vector from bench_vector v join passage p on p.section = v.number::text;
create index bench_vector_nearest on bench_vector using hnsw (vector vector_cosine_ops);
analyze
"""


def vectors(count, queries):
    """500 clusters in 48 dimensions, mapped linearly to 384, with a little noise, of length 1; and the true answers."""
    import numpy  # here, because the report is written without the peers' packages

    chance = numpy.random.default_rng(20261120)
    centres = chance.normal(size=(500, 48))
    mapping = chance.normal(size=(48, DIMENSION)) / math.sqrt(48)
    places = centres[chance.integers(0, 500, count + queries)] + 0.6 * chance.normal(size=(count + queries, 48))
    rows = places @ mapping + 0.02 * chance.normal(size=(count + queries, DIMENSION))
    rows = (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)
    closeness = rows[count:] @ rows[:count].T
    return rows[:count], rows[count:], numpy.argsort(-closeness, axis=1)[:, :HITS]


@contextmanager
def library(session):
    """A database with Reelmill's tables and a plain one, both full, and files for the engines without a server."""
    import numpy

    rows, queries, truth = vectors(session.size(100_000, 2_000), session.size(1000, 50))
    folder = session.folder / "vectors"
    folder.mkdir(exist_ok=True)
    numpy.save(folder / "rows.npy", rows)
    numpy.save(folder / "queries.npy", queries)
    with reelmill.installation(session, "bench_search") as url:
        with database.connect(url) as connection:
            connection.execute(f"create table bench_vector (number int primary key, vector vector({DIMENSION}) not null)")
            with connection.cursor().copy("copy bench_vector from stdin (format binary)") as copy:
                copy.set_types(["int4", "bytea"])
                for number, row in enumerate(rows):
                    copy.write_row((number, struct.pack(">HH", DIMENSION, 0) + row.astype(">f4").tobytes()))
            connection.execute("set maintenance_work_mem = '1GB'")
            for statement in FILL.split(";"):
                connection.execute(statement)
        database.settle(url)
        yield url, folder, queries, truth.tolist()


def word(connection, chance):
    """A word that occurs in a quarter of the passages, in a few, or anything between."""
    number = int(20 * (VOCABULARY / 20) ** chance.random())
    return connection.execute("select word from bench_word where number = %s", [number]).fetchone()[0]


def ours(session, shared, has_words):
    url, _, queries, truth = shared
    chance = random.Random(20261122)
    with database.connect(url) as connection:
        lines = [
            json.dumps(
                {
                    "text": " ".join(word(connection, chance) for _ in range(chance.choice((1, 2, 2, 3))))
                    if has_words
                    else "unheard",
                    "vector": [round(float(each), 6) for each in query],
                }
            )
            for query in queries
        ]
    command = [session.program("Benchmark"), "search", url, "--limit", str(HITS), "--warm-up", "200"]
    said = session.output(command if has_words else [*command, "--sections"], lines)
    found = None if has_words else [[int(each) for each in sections if each] for sections in said["sections"]]
    return measured(said, found, truth)


def theirs(session, shared, engine):
    url, folder, _, truth = shared
    said = session.output([PYTHON, "vector_search.py", engine, str(folder), str(HITS), url], [])
    return measured(said, said["found"], truth)


def measured(said, found, truth):
    values = {f"{name}_ms": round(said[name], 3) for name in ("p50", "p95", "p99")}
    if found is not None:
        right = sum(len(set(ours) & set(theirs)) for ours, theirs in zip(found, truth, strict=True))
        values["recall"] = round(right / (HITS * len(truth)), 4)
        if values["recall"] < 0.8:
            raise Failed(f"a recall of {values['recall']} is no search")
    return Measurement(values)


WORKLOAD = Workload(
    name="search",
    title="Search",
    what=f"""100,000 passages of {WORDS_OF_PASSAGE} words with vectors of {DIMENSION} dimensions in 500 clusters; the ten best
for a vector, one caller. Reelmill does all that `reelmill search` does: it looks for passages by their words and by
their meaning among the active assets of an organisation, fuses and groups them, reads titles, places and texts, and marks
the words. “By meaning” has a word that no passage has; “both” has one to three words that occur in up to a quarter of all
passages. The peers find numbers.""",
    limits="""Reelmill sends four statements a search: settings, places, texts, the end of the transaction. By meaning: the
walk through the index, then the look at each candidate's asset. By words: ranks are worked out for each of at most 500
passages that have the words.""",
    contenders=(
        Contender("Reelmill, by meaning", partial(ours, has_words=False), "`Sources/Search`"),
        Contender("Reelmill, both", partial(ours, has_words=True), "by words and by meaning"),
        Contender("pgvector", partial(theirs, engine="pgvector"), "HNSW, numbers alone, in the same database"),
        Contender("hnswlib", partial(theirs, engine="hnswlib"), "in the process"),
        Contender("LanceDB", partial(theirs, engine="lancedb"), "IVF_HNSW_SQ"),
    ),
    columns=(
        Column("p50_ms", "median ms", digits=2, spread=True),
        Column("p95_ms", "p95 ms", digits=2, spread=True),
        Column("p99_ms", "p99 ms", digits=2),
        Column("recall", "recall@10", digits=3),
    ),
    goals=(
        Goal("recall@10", "recall", "Reelmill, by meaning", at_least=0.95),
        Goal("pgvector, p95", "p95_ms", "Reelmill, by meaning", ("pgvector",), at_most=1),
        Goal("by meaning alone, p95", "p95_ms", "Reelmill, both", ("Reelmill, by meaning",), at_most=2),
    ),
    plots=(Bars("p95_ms", "The ten best of 100,000 passages, 95th percentile", "ms", digits=2),),
    rounds=3,
    is_large=True,
    shared=library,
)  # fmt: skip

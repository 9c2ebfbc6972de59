"""Searches vectors, one query after the other. usage: <engine> <folder> <hits> <database-url>"""

import json
import shutil
import sys
import time

import numpy

EF = 40


def pgvector(folder, hits, url):
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute(f"set hnsw.ef_search = {EF}")
    cursor = connection.cursor(binary=True)
    statement = f"select number from bench_vector order by vector <=> %s::vector limit {hits}"
    return (
        lambda row: "[" + ",".join(map(str, row.tolist())) + "]",
        lambda query: [row[0] for row in cursor.execute(statement, [query], prepare=True)],
    )


def hnswlib(folder, hits, url):
    import hnswlib as library

    rows = numpy.load(f"{folder}/rows.npy")
    index = library.Index(space="cosine", dim=rows.shape[1])
    index.init_index(max_elements=len(rows), M=16, ef_construction=64, random_seed=1)
    index.add_items(rows, numpy.arange(len(rows)))
    index.set_ef(EF)
    return lambda row: row, lambda query: index.knn_query(query, hits, num_threads=1)[0][0].tolist()


def lancedb(folder, hits, url):
    import lancedb as library
    import pyarrow

    rows = numpy.load(f"{folder}/rows.npy")
    place = f"{folder}/lancedb"
    shutil.rmtree(place, ignore_errors=True)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.ravel()), rows.shape[1])
    table = library.connect(place).create_table(
        "vectors", pyarrow.table({"number": pyarrow.array(numpy.arange(len(rows))), "vector": column})
    )
    table.create_index(
        metric="cosine", vector_column_name="vector", index_type="IVF_HNSW_SQ", num_partitions=1, m=16, ef_construction=64
    )

    def search(query):
        found = table.search(query, vector_column_name="vector").distance_type("cosine").select(["number", "_distance"])
        return found.limit(hits).nprobes(1).ef(EF).to_arrow()["number"].to_pylist()

    return lambda row: row, search


def main(engine, folder, hits, url):
    prepare, search = {"pgvector": pgvector, "hnswlib": hnswlib, "lancedb": lancedb}[engine](folder, hits, url)
    queries = [prepare(row) for row in numpy.load(f"{folder}/queries.npy")]
    for query in queries[:200]:
        search(query)
    milliseconds, found = [], []
    for query in queries:
        start = time.perf_counter()
        found.append(search(query))
        milliseconds.append((time.perf_counter() - start) * 1e3)
    milliseconds.sort()
    quantiles = {f"p{each}": milliseconds[len(milliseconds) * each // 100] for each in (50, 95, 99)}
    print(json.dumps({**quantiles, "found": found}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])

"""Vectors of the lines of standard input, with sentence-transformers. usage: <model> <threads> <batch>

A batch of 0 makes the vector of the first line and ends, without figures.
"""

import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402


def main(folder, threads, batch):
    torch.set_num_threads(threads)
    model = SentenceTransformer(folder, device="cpu")
    lines = sys.stdin.read().splitlines()
    encode = lambda texts: model.encode(texts, batch_size=max(batch, 1), show_progress_bar=False)  # noqa: E731
    if batch == 0:
        encode(lines[:1])
        return
    encode(lines[:batch])
    calls = []
    start, cpu = time.perf_counter(), time.process_time()
    # With a batch of several the library itself cuts all lines into batches, the long ones first.
    for texts in [[line] for line in lines] if batch == 1 else [lines]:
        begin = time.perf_counter()
        encode(texts)
        calls.append((time.perf_counter() - begin) * 1e3)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(
        json.dumps(
            {
                "rate": len(lines) / seconds,
                "cpuMicroseconds": cpu / len(lines) * 1e6,
                "p50": sorted(calls)[len(calls) // 2],
            }
        )
    )


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

"""All workloads, in the order in which they are run and shown."""

from . import embedding, hop, latency, media, memory, pipeline, publish, scale, search, start

ALL = tuple(each.WORKLOAD for each in (hop, publish, pipeline, latency, memory, start, scale, media, embedding, search))

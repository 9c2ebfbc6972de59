"""All workloads, in the order in which they are run and shown."""

from . import hop, latency, memory, pipeline, publish, scale, start

ALL = tuple(each.WORKLOAD for each in (hop, publish, pipeline, latency, memory, start, scale))

"""All workloads, in the order in which they are run and shown."""

from . import hop, publish

ALL = (hop.WORKLOAD, publish.WORKLOAD)

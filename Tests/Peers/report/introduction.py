"""What the report says before its figures."""

INTRODUCTION = """
# Benchmarks

<!-- Written by scripts/bench from docs/benchmarks/results.json and Tests/Peers; changes by hand do not last. -->

How fast Reelmill is, beside what else such a pipeline would be built with. `scripts/bench` runs all of them in one
session on the same private broker and database, and writes this page. **Ratios count; absolute figures do not
travel** to another machine.

- The contenders take turns inside each round. A figure is the median over the rounds, with smallest and largest;
  a ratio is taken within each round, and of these again the median.
- Reelmill runs in its default configuration, with every guarantee: quorum queues, persistent messages, `mandatory`
  publishes with awaited confirms, one transaction for all that a stage records, acknowledgement last. The peers do the
  same as far as they can: the result is committed and the next message confirmed before the message is acknowledged.
- RabbitMQ and PostgreSQL are those that `reelmill up` would start, with the same settings and full durability
  (`fsync`, `synchronous_commit`). All have the queues of one node, without a cluster's replication.
- A queue is full before the workers start. The clock runs from the first message that leaves it to the last that
  arrives, so that nobody's start is counted. After each run the harness checks that nothing is left, that exactly as
  many messages arrived as were sent, and that the rows are what they must be; a run that fails a check has no figures.
- Each run has a fresh database and fresh queues. Before it come `vacuum analyze` and a checkpoint.
- “client µs” and the like are microseconds of CPU time for one message or asset, of all processes of that part.
  A rate can be limited by a part that waits; CPU time says what the work costs.

What was done so that the comparison is fair, in either direction: the peers run on uvloop where they can; they write
their results with one statement of PostgreSQL, from prepared statements or pools; one of them, made for this
comparison, writes results in batches as Reelmill does. Celery and Dramatiq process copies of a message of their own.
All have the same number of processes where they are compared, and as many messages taken ahead in each. Workers are
asked to end and have the time to: acknowledgements that a framework sends late arrive before the queues are looked at.
The no-op stages of Reelmill store a value as long as the peers' message.
"""

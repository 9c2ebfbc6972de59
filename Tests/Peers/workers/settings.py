"""What a worker is told: queues, prefetch, database. Its statement for the result of a stage."""

import os

AMQP_URL = os.environ["AMQP_URL"]
# A prefix, and how many stages: queue i is read by stage i + 1, the last one only collects.
PREFIX = os.environ["PREFIX"]
STAGES = int(os.environ["STAGES"])
QUEUES = [f"{PREFIX}.{i}" for i in range(STAGES + 1)]
PREFETCH = int(os.environ["PREFETCH"])
# Empty for a hop, which writes nothing.
DATABASE_URL = os.environ.get("DATABASE_URL", "")
# Connections to the database in one process.
CONNECTIONS = 16

UPSERT = """
insert into stage_result (asset, stage, revision, payload) values ({})
on conflict (asset, stage) do update set revision = excluded.revision, payload = excluded.payload
where excluded.revision >= stage_result.revision
"""
UPSERT_ASYNCPG = UPSERT.format("$1, $2, $3, $4::jsonb")
UPSERT_PSYCOPG = UPSERT.format("%s, %s, %s, %s::jsonb")

# What frameworks with messages of their own publish once, for the harness to copy.
TEMPLATE = {"asset_id": 0, "rev": 1, "kind": "image", "uri": "s3://bucket/assets/00000000.jpg", "pad": "x" * 129}

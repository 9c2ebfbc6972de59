"""aio-pika and asyncpg: a consumer a stage; commits the result, publishes with an awaited confirm, acknowledges.

Deliveries are worked on concurrently, as many as are prefetched. With WRITER=batches the results of all of them are
written by one connection, in one statement for all that came while the one before was on its way.
"""

import asyncio
import json
import os

import aio_pika
import asyncpg
import uvloop
from settings import AMQP_URL, CONNECTIONS, DATABASE_URL, PREFETCH, QUEUES, STAGES, UPSERT_ASYNCPG

UPSERT_BATCH = """
insert into stage_result (asset, stage, revision, payload)
select * from unnest($1::bigint[], $2::int[], $3::bigint[], $4::jsonb[])
on conflict (asset, stage) do update set revision = excluded.revision, payload = excluded.payload
where excluded.revision >= stage_result.revision
"""


class SingleWriter:
    """Each result is a statement and a commit of its own, on one of a pool's connections."""

    def __init__(self, pool):
        self.pool = pool

    @classmethod
    async def open(cls):
        return cls(await asyncpg.create_pool(DATABASE_URL, min_size=CONNECTIONS, max_size=CONNECTIONS))

    async def write(self, asset, stage, revision, payload):
        await self.pool.execute(UPSERT_ASYNCPG, asset, stage, revision, payload)


class BatchingWriter:
    """One batch is in flight, the next gathers meanwhile."""

    MOST = 256

    def __init__(self, connection):
        self.statement = None
        self.connection = connection
        self.waiting = {}
        self.bell = asyncio.Event()
        self.task = asyncio.create_task(self.run())

    @classmethod
    async def open(cls):
        return cls(await asyncpg.connect(DATABASE_URL))

    async def write(self, asset, stage, revision, payload):
        key = (asset, stage)
        while key in self.waiting:  # a duplicate waits for the one before it: a statement may name a row once
            await self.waiting[key][1]
        written = asyncio.get_running_loop().create_future()
        self.waiting[key] = ((asset, stage, revision, payload), written)
        self.bell.set()
        await written

    async def run(self):
        self.statement = await self.connection.prepare(UPSERT_BATCH)
        while True:
            await self.bell.wait()
            batch = [self.waiting.pop(key) for key in sorted(self.waiting)[: self.MOST]]
            if not self.waiting:
                self.bell.clear()
            await self.statement.fetch(*map(list, zip(*(row for row, _ in batch))))
            for _, written in batch:
                written.set_result(None)


async def open_writer():
    if not DATABASE_URL:
        return None
    return await (BatchingWriter if os.environ.get("WRITER") == "batches" else SingleWriter).open()


def handler(stage, target, writer, exchange):
    async def handle(message):
        if writer:
            asset = json.loads(message.body)
            await writer.write(asset["asset_id"], stage, asset["rev"], message.body.decode())
        await exchange.publish(
            aio_pika.Message(message.body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT), routing_key=target
        )
        await message.ack()

    return handle


async def main():
    writer = await open_writer()
    connection = await aio_pika.connect(AMQP_URL)
    publishing = await connection.channel(publisher_confirms=True)
    for stage in range(1, STAGES + 1):
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.get_queue(QUEUES[stage - 1], ensure=False)
        await queue.consume(handler(stage, QUEUES[stage], writer, publishing.default_exchange))
    await asyncio.Future()


uvloop.run(main())
